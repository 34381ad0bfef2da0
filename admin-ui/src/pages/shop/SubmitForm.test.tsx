import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeServer, type SeenRequest } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { SubmitForm } from './SubmitForm.tsx';

const scenarios = [
  { code: 'A', name: 'Swapped return', definition: 'Not the item that was sent.', category: 'RETURN', effect: 'LABEL_ONLY', enabled: true },
];

interface Submission {
  readonly variables: { readonly input: { readonly orderNos: readonly string[]; readonly scenario: string; readonly idempotencyKey: string } };
}

const submissions = (seen: readonly SeenRequest[]) =>
  seen.filter(({ body }) => JSON.stringify(body).includes('mutation SubmitTags')).map(({ body }) => (body as Submission).variables.input);

/** Takes every order but those that begin with 9; fails the first `failures` times. */
function shopServer(failures = 0): SeenRequest[] {
  let left = failures;
  return fakeServer(({ body }) => {
    if (JSON.stringify(body).includes('query ShopScenarios')) return Response.json({ data: { scenarios } });
    left -= 1;
    if (left >= 0) throw new TypeError('Failed to fetch');
    const { orderNos } = (body as Submission).variables.input;
    const results = orderNos.map((orderNo, index) => ({
      index,
      orderNo,
      accepted: !orderNo.startsWith('9'),
      tag: null,
      error: orderNo.startsWith('9') ? { code: 'ORDER_NOT_FOUND', message: 'No such order.', field: null } : null,
    }));
    const acceptedCount = results.filter(({ accepted }) => accepted).length;
    return Response.json({ data: { submitTags: { batchId: 'b', acceptedCount, results, userErrors: [] } } });
  });
}

const submitted = vi.fn<() => void>();

async function fill(orders: string): Promise<void> {
  renderConsole(<SubmitForm submitted={submitted} />);
  fireEvent.change(await screen.findByLabelText('Order numbers'), { target: { value: orders } });
  fireEvent.mouseDown(screen.getByLabelText('Scenario'));
  fireEvent.click(await screen.findByTitle('Swapped return'));
}

const send = () => fireEvent.submit(screen.getByLabelText('Order numbers').closest('form') as HTMLFormElement);

beforeEach(() => submitted.mockClear());

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('SubmitForm', () => {
  it('counts, marks repeats, and sends each number once', async () => {
    const seen = shopServer();
    await fill('1001，1002\n1001');
    expect(screen.getByText(/2 \/ 20 · repeated: 1/)).toBeTruthy();
    expect(screen.getByText('Not the item that was sent.', { exact: false })).toBeTruthy();
    send();
    await waitFor(() => expect(submitted).toHaveBeenCalledTimes(1));
    expect(submissions(seen)[0]).toMatchObject({ orderNos: ['1001', '1002'], scenario: 'A' });
  });

  it('says per order what became of it, and keeps those that were refused', async () => {
    shopServer();
    await fill('1001 9001');
    send();
    expect(await screen.findByText('Recorded: 1. Not accepted: 1.')).toBeTruthy();
    expect(screen.getByText(/No such order/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>('Order numbers').value).toBe('9001');
  });

  it('sends the same key again after a lost answer, and another one with another input', async () => {
    const seen = shopServer(2);
    await fill('1001');
    send();
    await screen.findByRole('alert');
    send();
    await waitFor(() => expect(submissions(seen)).toHaveLength(2));
    await screen.findByRole('alert');
    fireEvent.change(screen.getByLabelText('Order numbers'), { target: { value: '1002' } });
    send();
    await waitFor(() => expect(submitted).toHaveBeenCalledTimes(1));
    const [first, second, third] = submissions(seen).map(({ idempotencyKey }) => idempotencyKey);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it.each([
    ['', /at least one order number/],
    [Array.from({ length: 21 }, (_, index) => `10${index}`).join(' '), /At most 20 order numbers/],
    ['10#1', /no order numbers/],
  ])('does not send %j', async (orders, problem) => {
    const seen = shopServer();
    await fill(orders);
    send();
    expect(await screen.findByText(problem)).toBeTruthy();
    expect(submissions(seen)).toEqual([]);
  });
});
