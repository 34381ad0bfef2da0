import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useEffect, useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type { QueueRowFragment } from '../../gql/graphql.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { queueRow } from '../../testing/rows.ts';
import { DecisionPanel } from './DecisionPanel.tsx';
import type { CaseDetail } from './useCase.ts';

const decidedByAnother = queueRow({
  version: 2,
  handling: 'HANDLED',
  canDecide: false,
  decision: { decision: 'REJECT', by: 'rita', automatic: false, reason: 'normal', at: '2026-05-01T01:00:00.000Z' },
});

// The panel of a page that follows the case.
function Panel() {
  const { onChange } = useReview();
  const [row, setRow] = useState<QueueRowFragment>(queueRow());
  useEffect(() => onChange(([changed]) => setRow(changed ?? queueRow())), [onChange]);
  return <DecisionPanel shown={row as CaseDetail} />;
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('keeps saying why a decision was refused when the case turns out to be decided', async () => {
  fakeServer(() =>
    Response.json({ data: { decideCases: { results: [{ case: decidedByAnother, userErrors: [{ code: 'CONFLICT', message: 'It has changed.', field: null }] }] } } }),
  );
  renderConsole(<Panel />);
  fireEvent.click(screen.getByRole('button', { name: /^Confirm/ }));
  fireEvent.keyDown(screen.getByLabelText('Reason'), { key: 'Enter', ctrlKey: true });
  await waitFor(() => expect(screen.getByText(/rita/)).toBeTruthy());
  expect(screen.queryByLabelText('Reason')).toBeNull();
  expect((await screen.findByRole('alert')).textContent).toBe('It has changed.');
});
