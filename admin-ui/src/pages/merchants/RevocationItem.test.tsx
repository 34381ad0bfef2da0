import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RevocationRowFragment } from '../../gql/graphql.ts';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { ProposeDialog } from './ProposeDialog.tsx';
import { RevocationItem } from './RevocationItem.tsx';
import { isRecounting } from './useMerchants.ts';

function revocation(changes: Partial<RevocationRowFragment> = {}): RevocationRowFragment {
  return {
    id: 'v1', kind: 'FALSE_REPORT', state: 'PROPOSED', reason: 'parcels were never swapped', evidence: ['chat 1', 'chat 2'], suspended: false,
    proposedBy: 'ann', proposedAt: '2026-05-01T00:00:00.000Z', decidedBy: null, decidedAt: null, decisionReason: null, casesToRecount: 0,
    casesRecounted: 0, completedAt: null, canDecide: true, merchant: { id: 'm1', name: 'Shop 1' }, ...changes,
  };
}

const changed = vi.fn<() => void>();
const show = (row: RevocationRowFragment) => renderConsole(<RevocationItem revocation={row} changed={changed} />);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  changed.mockClear();
});

describe('RevocationItem', () => {
  it('is decided with a reason only', async () => {
    const seen = fakeServer(() => Response.json({ data: { decideRevocation: { revocation: revocation({ state: 'APPROVED' }), userErrors: [] } } }));
    show(revocation());
    fireEvent.click(screen.getByRole('button', { name: 'Approve revocation' }));
    expect(screen.getByText('Give a reason.')).toBeTruthy();
    expect(seen).toEqual([]);
    fireEvent.change(screen.getByLabelText('Reason for the decision'), { target: { value: ' proven ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Approve revocation' }));
    await waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(seen[0]?.body).toMatchObject({ variables: { input: { id: 'v1', approve: true, reason: 'proven' } } });
  });

  it('says what the server says to the same person', async () => {
    fakeServer(() => Response.json({ data: { decideRevocation: { revocation: null, userErrors: [{ code: 'SAME_PERSON', message: 'Somebody else has to decide.', field: null }] } } }));
    show(revocation());
    fireEvent.change(screen.getByLabelText('Reason for the decision'), { target: { value: 'proven' } });
    fireEvent.click(screen.getByRole('button', { name: 'Decline' }));
    expect(await screen.findByText('Somebody else has to decide.')).toBeTruthy();
    expect(changed).toHaveBeenCalledOnce();
  });

  it.each([
    ['me', /your own proposal/],
    ['ann', /your sign-in can’t decide/],
  ])('proposed by %s and not for the caller to decide, it says why', (proposedBy, why) => {
    show(revocation({ proposedBy, canDecide: false }));
    expect(screen.getByText(why)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('shows how far the recount is', () => {
    show(revocation({ state: 'APPROVED', canDecide: false, decidedBy: 'bob', decisionReason: 'proven', casesToRecount: 8, casesRecounted: 3 }));
    const bar = screen.getByRole('progressbar', { name: 'Recounting: 3 of 8 cases' });
    expect([bar.getAttribute('value'), bar.getAttribute('max')]).toEqual(['3', '8']);
  });
});

it.each([
  ['PROPOSED', null, false],
  ['APPROVED', null, true],
  ['APPROVED', '2026-05-02T00:00:00.000Z', false],
  ['DECLINED', null, false],
] as const)('%s completed %s: recounting %s', (state, completedAt, recounting) => {
  expect(isRecounting(revocation({ state, completedAt }))).toBe(recounting);
});

it('a proposal needs a reason and evidence', async () => {
  const seen = fakeServer(() => Response.json({ data: { proposeRevocation: { revocation: revocation(), userErrors: [] } } }));
  const close = vi.fn<() => void>();
  renderConsole(<ProposeDialog merchantId="m1" proposed={changed} close={close} />);
  fireEvent.click(screen.getByRole('button', { name: 'Submit proposal' }));
  expect(screen.getByText('Give a reason.')).toBeTruthy();
  expect(screen.getByText(/Give 1 to 20 pieces/)).toBeTruthy();
  expect(seen).toEqual([]);
  fireEvent.change(screen.getByLabelText('Reason'), { target: { value: 'why' } });
  fireEvent.change(screen.getByLabelText('Evidence'), { target: { value: 'a\n\n b ' } });
  fireEvent.click(screen.getByRole('checkbox'));
  fireEvent.click(screen.getByRole('button', { name: 'Submit proposal' }));
  await waitFor(() => expect(close).toHaveBeenCalledOnce());
  expect(seen[0]?.body).toMatchObject({ variables: { input: { merchantId: 'm1', kind: 'FALSE_REPORT', reason: 'why', evidence: ['a', 'b'], suspend: true } } });
});
