import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type { QueueRowFragment } from '../../gql/graphql.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { queueRow } from '../../testing/rows.ts';
import { DecisionDock } from './DecisionDock.tsx';
import type { CaseDetail } from './useCase.ts';

const decidedByAnother = queueRow({
  version: 2,
  handling: 'HANDLED',
  canDecide: false,
  decision: { decision: 'REJECT', by: 'rita', automatic: false, reason: 'normal', at: '2026-05-01T01:00:00.000Z' },
});

const evidence = { orders: 2, amounts: [], merchants: [], note: null, otherCases: 0 };

// The part of a page that follows the case.
function Dock({ count }: { readonly count: number }) {
  const { onChange } = useReview();
  const [row, setRow] = useState<QueueRowFragment>(queueRow({ explanation: { ...queueRow().explanation, count, riskLevel: 'UNKNOWN' } }));
  useEffect(() => onChange(([changed]) => setRow(changed ?? queueRow())), [onChange]);
  const shown = { ...row, evidence: { ...evidence, orders: count }, signals: { burst: null, linkedPairs: [] }, buyer: { ...row.buyer, exposure: { orders: 3, merchants: 2, taggedOrders: count } } };
  return <DecisionDock shown={shown as unknown as CaseDetail} />;
}

const reasonField = () => screen.getByLabelText<HTMLTextAreaElement>('Reason');

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('keeps what was typed, and says who decided what, when somebody else is faster', async () => {
  fakeServer(() =>
    Response.json({ data: { decideCases: { results: [{ case: decidedByAnother, userErrors: [{ code: 'CONFLICT', message: 'It has changed.', field: null }] }] } } }),
  );
  renderConsole(<Dock count={2} />);
  fireEvent.click(screen.getByRole('button', { name: /^Confirm/ }));
  fireEvent.change(reasonField(), { target: { value: 'My own words.' } });
  fireEvent.keyDown(reasonField(), { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(screen.getByText(/rita/).textContent).toMatch(/Rejected · rita/));
  expect(reasonField().value).toBe('My own words.');
  expect(screen.getByText(/What you wrote is kept/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /Submit, open next/ }).disabled).toBe(true);
  expect((await screen.findByRole('alert')).textContent).toBe('It has changed.');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByLabelText('Reason')).toBeNull();
});

it('offers what is true of the case, and begins with nothing where only the reviewer can know', () => {
  fakeServer(() => Response.json({ data: {} }));
  renderConsole(<Dock count={1} />);
  fireEvent.click(screen.getByRole('button', { name: /^Confirm/ }));
  expect(screen.queryByText(/independent merchants agree/)).toBeNull();
  expect(reasonField().value).toBe('');
  fireEvent.keyDown(reasonField(), { code: 'Digit1', altKey: true });
  expect(reasonField().value).toBe('Orders and notes were checked and show abuse.');
  fireEvent.click(screen.getByRole('button', { name: /^Reject/ }));
  expect(reasonField().value).toBe('One merchant alone tagged, and nothing else supports it.');
});
