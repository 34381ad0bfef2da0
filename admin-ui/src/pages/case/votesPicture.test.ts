import { describe, expect, it } from 'vitest';
import { layOutVotes } from './votesPicture.ts';

const day = 86_400_000;
const now = Date.parse('2026-07-01T00:00:00Z');
const windowStart = now - 180 * day;
// The axis reaches from 7.2 days before the window to 54 days after now: 241.2 days.
const place = (days: number) => (days + 187.2) / 241.2;

function layOut(votes: readonly { readonly entityId: string; readonly from: number; readonly to: number }[], nextExpiry?: number) {
  return layOutVotes({
    windowStart,
    now,
    threshold: 3,
    votes: votes.map(({ entityId, from, to }) => ({ entityId, firstAt: now + from * day, lastAt: now + to * day })),
    nextExpiryAt: nextExpiry === undefined ? undefined : now + nextExpiry * day,
  });
}

describe('layOutVotes', () => {
  it('places window and now', () => {
    const picture = layOut([]);
    expect(picture.windowFrom).toBeCloseTo(place(-180));
    expect(picture.now).toBeCloseTo(place(0));
    expect(picture.top).toBe(4);
    expect(picture.dots).toEqual([]);
  });

  it('steps up with each vote, in the order they came', () => {
    const { past, dots } = layOut([
      { entityId: 'b', from: -10, to: -10 },
      { entityId: 'a', from: -100, to: -20 },
    ]);
    expect(dots.map(({ entityId, y }) => [entityId, y])).toEqual([['a', 1], ['b', 2]]);
    expect(past.map(({ y }) => y)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(past[1]?.x).toBeCloseTo(place(-100));
    expect(past.at(-1)?.x).toBeCloseTo(place(0));
  });

  it('steps down when a vote’s latest tag leaves the window, not its first', () => {
    const { future } = layOut([
      { entityId: 'a', from: -170, to: -150 },
      { entityId: 'b', from: -10, to: -10 },
    ]);
    expect(future.map(({ y }) => y)).toEqual([2, 2, 1, 1]);
    expect(future[1]?.x).toBeCloseTo(place(30));
  });

  it.each([
    [30, place(30)],
    [54, 1],
    [55, undefined],
  ])('shows a next expiry %d days ahead at %s', (ahead, x) => {
    const { nextExpiry } = layOut([{ entityId: 'a', from: ahead - 180, to: ahead - 180 }], ahead);
    expect(nextExpiry?.toFixed(6)).toBe(x?.toFixed(6));
  });

  it('marks the months inside of the axis', () => {
    const { months } = layOut([]);
    expect(months).toHaveLength(8);
    expect(months.every(({ x }) => x >= 0 && x <= 1)).toBe(true);
  });
});
