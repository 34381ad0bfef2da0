import { describe, expect, it } from 'vitest';
import { arrayView } from './arrayView.ts';

const idOf = ({ id }: { readonly id: string }) => id;
const rows = [{ id: 'a' }, { id: 'b' }];

describe('arrayView', () => {
  it.each([
    ['loading', undefined, null],
    ['failed', undefined, new Error('down')],
    ['ready', rows, null],
    // What was read stays when reading it again fails.
    ['ready', rows, new Error('down')],
  ])('is %s', (phase, read, error) => {
    const view = arrayView({ rows: read, error, refreshing: false }, idOf);
    expect(view.phase).toBe(phase);
    expect(view.error).toBe(error ?? undefined);
  });

  it('finds rows by place and by id', () => {
    const view = arrayView({ rows, error: null, refreshing: true }, idOf);
    expect([view.count, view.at(1)?.id, view.get('b')?.id, view.indexOf('b')]).toEqual([2, 'b', 'b', 1]);
    expect([view.at(2), view.get('c'), view.indexOf('c')]).toEqual([undefined, undefined, -1]);
    expect(view.refreshing).toBe(true);
  });
});
