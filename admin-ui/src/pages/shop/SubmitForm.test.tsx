import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeServer, type SeenRequest } from '../../testing/fakeServer.ts';
import { renderConsole } from '../../testing/renderConsole.tsx';
import { SubmitForm } from './SubmitForm.tsx';
import type { Desk } from './useDesk.ts';

const scenarios = [
  { code: 'A', name: 'Swapped return', definition: 'Not the item that was sent.', notMeant: 'A mistake of the shop.', example: 'An old telephone.', category: 'RETURN', effect: 'LABEL_ONLY', enabled: true },
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

const accepted = vi.fn<Desk['accepted']>();
const desk: Pick<Desk, 'book' | 'accepted' | 'look'> = { book: new Map(), accepted, look: async () => undefined };

const numbersField = async () => screen.findByLabelText<HTMLTextAreaElement>('Order numbers');

async function fill(orders: string): Promise<void> {
  renderConsole(<SubmitForm merchantId="m-1" desk={desk} />);
  fireEvent.change(await numbersField(), { target: { value: orders } });
  fireEvent.mouseDown(screen.getByLabelText('Scenario'));
  fireEvent.click(await screen.findByTitle('Swapped return'));
}

const send = () => fireEvent.submit(screen.getByLabelText('Order numbers').closest('form') as HTMLFormElement);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${29_100_000 + index}`);

beforeEach(() => accepted.mockClear());

afterEach(() => {
  cleanup();
  window.localStorage.clear();
  vi.unstubAllGlobals();
});

describe('SubmitForm', () => {
  it('finds the numbers in a text, shows what is none, and sends each number once', async () => {
    const seen = shopServer();
    await fill('订单号：29100001 ¥129.00 张三\n29100002\n29100001');
    expect(screen.getByText('Order numbers found: 2 · repeated: 1, sent once · no order numbers: 3')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Drop 张三' }));
    expect(screen.queryByRole('button', { name: 'Drop 张三' })).toBeNull();
    send();
    expect(await screen.findByText('Recorded: 2. Not accepted: 0.')).toBeTruthy();
    expect(submissions(seen)).toMatchObject([{ orderNos: ['29100001', '29100002'], scenario: 'A' }]);
  });

  it('sends batches of 20 one after the other, each under a key of its own', async () => {
    const seen = shopServer();
    await fill(numbered(45).join('\n'));
    expect(screen.getByText('20 a batch, 3 batches one after the other.')).toBeTruthy();
    send();
    expect(await screen.findByText('Recorded: 45. Not accepted: 0.')).toBeTruthy();
    expect(submissions(seen).flatMap(({ orderNos }) => orderNos)).toEqual(numbered(45));
    expect(submissions(seen).map(({ orderNos }) => orderNos.length)).toEqual([20, 20, 5]);
    expect(new Set(submissions(seen).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });

  it('says by reason what was refused, and puts it back when asked to', async () => {
    shopServer();
    await fill('10010000 90010000 90020000');
    send();
    expect(await screen.findByText('Recorded: 1. Not accepted: 2.')).toBeTruthy();
    expect(screen.getByText('2: No such order.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Put those not accepted back: 2' }));
    expect((await numbersField()).value).toBe('90010000\n90020000');
  });

  it('goes on after a reload where it was, with the key of the batch whose answer got lost', async () => {
    const seen = shopServer(1);
    await fill(numbered(25).join(' '));
    send();
    await screen.findByRole('alert');
    cleanup();
    renderConsole(<SubmitForm merchantId="m-1" desk={desk} />);
    fireEvent.click(await screen.findByRole('button', { name: 'Go on' }));
    expect(await screen.findByText('Recorded: 25. Not accepted: 0.')).toBeTruthy();
    const [lost, again, second] = submissions(seen);
    expect(again).toEqual(lost);
    expect(second?.idempotencyKey).not.toBe(lost?.idempotencyKey);
  });

  it('waits as long as the server says when the quota is used up', async () => {
    let refusals = 1;
    const taken = shopServer();
    const inner = fetch;
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (!String(init.body).includes('mutation SubmitTags') || refusals === 0) return inner(url, init);
      refusals -= 1;
      return Response.json({ errors: [{ message: 'Too many.', extensions: { code: 'RATE_LIMITED', retryAfter: 0.2 } }] });
    });
    await fill('10010000');
    send();
    expect(await screen.findByText(/quota is used up/)).toBeTruthy();
    expect(await screen.findByText('Recorded: 1. Not accepted: 0.')).toBeTruthy();
    expect(submissions(taken)).toHaveLength(1);
  });

  it('keeps the runs of shops apart', async () => {
    shopServer(1);
    await fill('10010000');
    send();
    await screen.findByRole('alert');
    cleanup();
    renderConsole(<SubmitForm merchantId="m-2" desk={desk} />);
    await numbersField();
    expect(screen.queryByRole('button', { name: 'Go on' })).toBeNull();
  });

  it('puts back what was not sent when it is stopped', async () => {
    shopServer(1);
    await fill('10010000 10020000');
    send();
    fireEvent.click(await screen.findByRole('button', { name: 'Stop, and put the rest back' }));
    expect((await numbersField()).value).toBe('10010000\n10020000');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each(['', '张三', '2.91E+09'])('does not send %j', async (orders) => {
    const seen = shopServer();
    await fill(orders);
    send();
    expect(await screen.findByText('Give at least one order number.')).toBeTruthy();
    expect(submissions(seen)).toEqual([]);
  });
});
