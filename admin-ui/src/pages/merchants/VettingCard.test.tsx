import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VettingRowFragment } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { ProposeVettingDialog } from './ProposeVettingDialog.tsx';
import { VettingItem } from './VettingCard.tsx';

function vetting(changes: Partial<VettingRowFragment> = {}): VettingRowFragment {
  return {
    id: 'v1', vetted: true, state: 'PROPOSED', reason: 'known for years', proposedBy: 'ann', proposedAt: '2026-05-01T00:00:00.000Z', decidedBy: null,
    decidedAt: null, decisionReason: null, canDecide: true, merchant: { id: 'm1', name: 'Shop 1' }, ...changes,
  };
}

const changed = vi.fn<() => void>();

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  changed.mockClear();
});

describe('VettingItem', () => {
  it.each([
    ['Approve', true],
    ['Decline', false],
  ])('%s takes a reason', async (button, approve) => {
    const seen = fakeServer(() => Response.json({ data: { decideVetting: { vetting: vetting({ state: 'APPROVED' }), userErrors: [] } } }));
    renderConsole(<VettingItem vetting={vetting()} changed={changed} />);
    fireEvent.click(screen.getByRole('button', { name: button }));
    expect(screen.getByText('Give a reason.')).toBeTruthy();
    expect(seen).toEqual([]);
    fireEvent.change(screen.getByLabelText('Reason for the decision'), { target: { value: ' so it is ' } });
    fireEvent.click(screen.getByRole('button', { name: button }));
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(seen[0]?.body).toMatchObject({ variables: { input: { id: 'v1', approve, reason: 'so it is' } } });
  });

  it('says what the server refuses, and reads how it stands', async () => {
    fakeServer(() => Response.json({ data: { decideVetting: { vetting: null, userErrors: [{ code: 'SAME_PERSON', message: 'Somebody else has to decide.', field: null }] } } }));
    renderConsole(<VettingItem vetting={vetting()} changed={changed} />);
    fireEvent.change(screen.getByLabelText('Reason for the decision'), { target: { value: 'so it is' } });
    fireEvent.click(screen.getByRole('button', { name: 'Approve' }));
    expect(await screen.findByText('Somebody else has to decide.')).toBeTruthy();
    expect(changed).toHaveBeenCalledOnce();
  });

  it.each([
    ['me', /your own proposal/],
    ['ann', /another administrator/],
  ])('proposed by %s and not for the caller to decide, it says why', (proposedBy, why) => {
    renderConsole(<VettingItem vetting={vetting({ proposedBy, canDecide: false })} changed={changed} />);
    expect(screen.getByText(why)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows who decided it and why', () => {
    renderConsole(<VettingItem vetting={vetting({ state: 'DECLINED', vetted: false, canDecide: false, decidedBy: 'bob', decisionReason: 'too early' })} changed={changed} />);
    expect(screen.getByText('To stop vouching')).toBeTruthy();
    expect(screen.getByText(/Decided by bob: too early/)).toBeTruthy();
  });
});

it('a proposal takes a reason', async () => {
  const seen = fakeServer(() => Response.json({ data: { proposeVetting: { vetting: vetting(), userErrors: [] } } }));
  const close = vi.fn<() => void>();
  renderConsole(<ProposeVettingDialog merchantId="m1" vetted proposed={changed} close={close} />);
  fireEvent.click(screen.getByRole('button', { name: 'Submit proposal' }));
  expect(screen.getByText('Give a reason.')).toBeTruthy();
  expect(seen).toEqual([]);
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'known for years' } });
  fireEvent.click(screen.getByRole('button', { name: 'Submit proposal' }));
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(seen[0]?.body).toMatchObject({ variables: { input: { merchantId: 'm1', vetted: true, reason: 'known for years' } } });
});
