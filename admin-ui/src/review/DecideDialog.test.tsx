import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeServer } from '../testing/fakeServer.ts';
import { renderConsole } from '../testing/renderConsole.tsx';
import { queueRow } from '../testing/rows.ts';
import { DecideDialog } from './DecideDialog.tsx';
import { UndoBar } from './UndoBar.tsx';

const rows = [queueRow({ id: 'A:b1', version: 4 }), queueRow({ id: 'A:b2', version: 7 })];

interface Decided {
  readonly variables: { readonly input: { readonly items: readonly { readonly caseId: string; readonly expectedVersion: number; readonly reason: string }[] } };
}

/** Decides b1, and says about b2 that it has changed. */
function reviewServer() {
  return fakeServer(({ body }) => {
    const text = JSON.stringify(body);
    if (text.includes('mutation UndoDecision')) return Response.json({ data: { undoDecision: { case: rows[0], userErrors: [] } } });
    const results = (body as Decided).variables.input.items.map(({ caseId }) =>
      caseId === 'A:b1'
        ? { case: queueRow({ id: caseId, version: 5, handling: 'HANDLED', canUndo: true, undoUntil: new Date(Date.now() + 30_000).toISOString() }), userErrors: [] }
        : { case: queueRow({ id: caseId, version: 8 }), userErrors: [{ code: 'CONFLICT', message: 'It has changed.', field: null }] },
    );
    return Response.json({ data: { decideCases: { results } } });
  });
}

const decided = vi.fn<(ids: readonly string[]) => void>();
const close = vi.fn<() => void>();

function show(): void {
  renderConsole(
    <>
      <DecideDialog decision="CONFIRM" rows={rows} current={() => undefined} decided={decided} close={close} />
      <UndoBar />
    </>,
  );
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  decided.mockClear();
  close.mockClear();
});

describe('DecideDialog', () => {
  it('shows what will happen before anything is sent', () => {
    const seen = reviewServer();
    show();
    expect(screen.getByText('All tags in the window succeed.')).toBeTruthy();
    expect(screen.getAllByText('Parties whose tags succeed: 2')).toHaveLength(2);
    expect(seen).toEqual([]);
  });

  it('begins without a reason when the cases are several, and offers none that is untrue of one', () => {
    reviewServer();
    show();
    expect(screen.getByLabelText<HTMLTextAreaElement>('Reason').value).toBe('');
    expect(screen.getByText('Tags of several independent merchants agree.')).toBeTruthy();
    cleanup();
    renderConsole(
      <DecideDialog decision="CONFIRM" rows={[...rows, queueRow({ id: 'A:b3', explanation: { ...queueRow().explanation, count: 1 } })]} current={() => undefined} decided={decided} close={close} />,
    );
    expect(screen.queryByText('Tags of several independent merchants agree.')).toBeNull();
  });

  it('leaves out what can’t be decided', () => {
    reviewServer();
    renderConsole(<DecideDialog decision="REJECT" rows={[...rows, queueRow({ id: 'A:b3', canDecide: false })]} current={() => undefined} decided={decided} close={close} />);
    expect(screen.getByRole('dialog').textContent).toContain('Reject cases: 2');
    expect(screen.getByText('Left out, since you can’t decide them now: 1.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Submit 2' })).toBeTruthy();
  });

  it('sends each case with the version that was seen, and gives one outcome for each', async () => {
    const seen = reviewServer();
    show();
    fireEvent.keyDown(screen.getByLabelText('Reason'), { code: 'Digit1', altKey: true });
    fireEvent.click(screen.getByRole('button', { name: 'Submit 2' }));
    expect(await screen.findByText(/It has changed\./)).toBeTruthy();
    const items = [
      { caseId: 'A:b1', expectedVersion: 4 },
      { caseId: 'A:b2', expectedVersion: 7 },
    ];
    expect(seen[0]?.body).toMatchObject({ variables: { input: { items } } });
    expect(screen.getByText(/✓ Confirmed/)).toBeTruthy();
    expect(decided).toHaveBeenCalledWith(['A:b1']);
    expect(close).not.toHaveBeenCalled();
    // Only what is not decided yet goes again.
    expect(await screen.findByRole('button', { name: /Submit 1$/ })).toBeTruthy();
  });

  it('wants a reason', () => {
    const seen = reviewServer();
    show();
    fireEvent.change(screen.getByLabelText('Reason'), { target: { value: '  ' } });
    fireEvent.keyDown(screen.getByLabelText('Reason'), { key: 'Enter', ctrlKey: true });
    expect(screen.getByText('Give a reason.')).toBeTruthy();
    expect(seen).toEqual([]);
  });

  it('offers to undo what was decided, and nothing else', async () => {
    const seen = reviewServer();
    show();
    fireEvent.keyDown(screen.getByLabelText('Reason'), { code: 'Digit1', altKey: true });
    fireEvent.click(screen.getByRole('button', { name: 'Submit 2' }));
    fireEvent.click(await screen.findByRole('button', { name: /Undo/ }));
    await waitFor(() => expect(seen).toHaveLength(2));
    expect(seen[1]?.body).toMatchObject({ variables: { input: { caseId: 'A:b1' } } });
    await waitFor(() => expect(screen.queryByRole('button', { name: /Undo/ })).toBeNull());
  });
});
