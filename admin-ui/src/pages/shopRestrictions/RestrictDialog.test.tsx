import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeServer } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { RestrictDialog } from './RestrictDialog.tsx';

const done = vi.fn<() => void>();

afterEach(() => {
  cleanup();
  done.mockClear();
  vi.unstubAllGlobals();
});

function answering(userErrors: readonly object[]) {
  return fakeServer(() => Response.json({ data: { restrictBuyer: { restriction: null, userErrors } } }));
}

const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Submit for review' }));

describe('RestrictDialog', () => {
  it('says what is missing and sends nothing', async () => {
    const seen = answering([]);
    renderConsole(<RestrictDialog orderNo="" done={done} close={() => undefined} />);
    submit();
    expect(await screen.findByText('Give an order number.')).toBeTruthy();
    expect(screen.getByText('Choose at least one.')).toBeTruthy();
    expect(screen.getByText('Say what happened.')).toBeTruthy();
    expect(seen).toEqual([]);
  });

  it('asks with modes and a template that was made one’s own', async () => {
    const seen = answering([]);
    renderConsole(<RestrictDialog orderNo="2910000001" done={done} close={() => undefined} />);
    fireEvent.click(screen.getByRole('checkbox', { name: /Pay on delivery|on delivery/ }));
    fireEvent.mouseDown(screen.getByLabelText('Template'));
    fireEvent.click(await screen.findByTitle('Empty or short returns'));
    const description = screen.getByLabelText<HTMLTextAreaElement>('Description');
    expect(description.value).toContain('empty or short parcel');
    fireEvent.change(description, { target: { value: 'An empty parcel came back on 1 May.' } });
    submit();
    await waitFor(() => expect(done).toHaveBeenCalledTimes(1));
    expect(seen.map(({ body }) => (body as { variables: unknown }).variables)).toEqual([
      { input: { orderNo: '2910000001', modes: ['NO_CASH_ON_DELIVERY'], description: 'An empty parcel came back on 1 May.' } },
    ]);
  });

  it('shows a refusal at the field that it is about', async () => {
    answering([{ code: 'ORDER_NOT_FOUND', message: 'No such order.', field: ['input', 'orderNo'] }]);
    renderConsole(<RestrictDialog orderNo="1" done={done} close={() => undefined} />);
    fireEvent.click(screen.getByRole('checkbox', { name: /No orders|order in this shop/ }));
    fireEvent.change(screen.getByLabelText('Description'), { target: { value: 'x' } });
    submit();
    expect(await screen.findByText('No such order.')).toBeTruthy();
    expect(screen.getByLabelText('Order number').getAttribute('aria-invalid')).toBe('true');
    expect(done).not.toHaveBeenCalled();
  });
});
