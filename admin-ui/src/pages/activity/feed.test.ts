import { describe, expect, it } from 'vitest';
import type { LogRowFragment } from '../../gql/graphql.ts';
import { emptyFeed, feedAfter, mostShown, type Feed, type FeedEvent } from './feed.ts';

const entry = (seq: number): LogRowFragment => ({ seq, at: '2026-05-01T00:00:00.000Z', actor: 'a', action: 'case.opened', subjects: [], reasonText: null, before: null, after: null });
const entries = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));
const after = (...events: readonly FeedEvent[]): Feed => events.reduce(feedAfter, emptyFeed);
const seqs = (rows: readonly LogRowFragment[]) => rows.map(({ seq }) => seq);
const read: FeedEvent = { kind: 'read', entries: [entry(2), entry(1)], older: 'c' };

describe('feedAfter', () => {
  it('shows what is new on top', () => {
    expect(seqs(after(read, { kind: 'appended', entries: entries(3, 4) }).entries)).toEqual([4, 3, 2, 1]);
  });

  it('holds what is new while paused, shows it on demand, and stays paused', () => {
    const paused = after(read, { kind: 'pause' }, { kind: 'appended', entries: [entry(3)] }, { kind: 'appended', entries: [entry(4)] });
    expect(seqs(paused.entries)).toEqual([2, 1]);
    expect(paused.heldCount).toBe(2);
    const shown = feedAfter(paused, { kind: 'show' });
    expect(seqs(shown.entries)).toEqual([4, 3, 2, 1]);
    expect(shown).toMatchObject({ paused: true, heldCount: 0 });
    expect(feedAfter(paused, { kind: 'resume' })).toMatchObject({ paused: false, heldCount: 0 });
  });

  it('counts more than it keeps, and then shows no list with a gap', () => {
    const paused = after(read, { kind: 'pause' }, { kind: 'appended', entries: entries(3, mostShown + 12) });
    expect(paused.heldCount).toBe(mostShown + 10);
    const shown = seqs(feedAfter(paused, { kind: 'show' }).entries);
    expect(shown).toHaveLength(mostShown);
    expect(shown[0]).toBe(mostShown + 12);
    expect(shown.at(-1)).toBe(13);
  });

  it('skips entries that the list already has, shown or held', () => {
    expect(seqs(after(read, { kind: 'appended', entries: entries(2, 3) }).entries)).toEqual([3, 2, 1]);
    const paused = after(read, { kind: 'pause' }, { kind: 'appended', entries: entries(2, 3) }, { kind: 'appended', entries: entries(3, 4) });
    expect(seqs(paused.held)).toEqual([4, 3]);
    expect(paused.heldCount).toBe(2);
  });

  it('lets nothing be held twice when the log is read again', () => {
    expect(after(read, { kind: 'pause' }, { kind: 'appended', entries: [entry(3)] }, { kind: 'read', entries: [entry(3)], older: undefined })).toMatchObject({ heldCount: 0, held: [] });
  });
});
