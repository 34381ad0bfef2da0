import type { LogRowFragment } from '../../gql/graphql.ts';

/** How many entries the feed shows at most: older ones are a click away, in the log. */
export const mostShown = 500;

/** What the feed shows, newest first, and what it holds back. */
export interface Feed {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly entries: readonly LogRowFragment[];
  /** New entries that wait, newest first; only while paused. */
  readonly held: readonly LogRowFragment[];
  /** How many new entries wait, those too that are too many to be kept. */
  readonly heldCount: number;
  readonly paused: boolean;
  /** The place to read older entries from; undefined when there are none. */
  readonly older: string | undefined;
}

export type FeedEvent =
  | { readonly kind: 'read'; readonly entries: readonly LogRowFragment[]; readonly older: string | undefined }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'olderRead'; readonly entries: readonly LogRowFragment[]; readonly older: string | undefined }
  /** In the order of the log. */
  | { readonly kind: 'appended'; readonly entries: readonly LogRowFragment[] }
  | { readonly kind: 'pause' | 'resume' | 'show' | 'restart' };

export const emptyFeed: Feed = { phase: 'loading', error: undefined, entries: [], held: [], heldCount: 0, paused: false, older: undefined };

export function feedAfter(feed: Feed, event: FeedEvent): Feed {
  switch (event.kind) {
    case 'restart':
      return { ...emptyFeed, paused: feed.paused };
    case 'read':
      // Read again: what was held is among it.
      return { ...feed, phase: 'ready', error: undefined, entries: event.entries, older: event.older, held: [], heldCount: 0 };
    case 'failed':
      return { ...feed, phase: feed.phase === 'loading' ? 'failed' : feed.phase, error: event.error };
    case 'olderRead':
      return { ...feed, error: undefined, entries: [...feed.entries, ...event.entries], older: event.older };
    case 'appended':
      return appended(feed, event.entries);
    case 'pause':
      return { ...feed, paused: true };
    case 'show':
      return shown(feed);
    case 'resume':
      return { ...shown(feed), paused: false };
  }
}

// The subscription begins before the list is read, so its first entries can be in the list too. Numbers grow along the log.
function appended(feed: Feed, entries: readonly LogRowFragment[]): Feed {
  const newest = feed.held[0]?.seq ?? feed.entries[0]?.seq ?? 0;
  const newestFirst = entries.filter(({ seq }) => seq > newest).toReversed();
  if (!feed.paused) return limited({ ...feed, entries: [...newestFirst, ...feed.entries] });
  return { ...feed, held: [...newestFirst, ...feed.held].slice(0, mostShown), heldCount: feed.heldCount + newestFirst.length };
}

function shown(feed: Feed): Feed {
  // More waited than were kept: those between are in the log only, and what is shown must have no gap.
  const gap = feed.heldCount > feed.held.length;
  return limited({ ...feed, entries: gap ? feed.held : [...feed.held, ...feed.entries], held: [], heldCount: 0, older: gap ? undefined : feed.older });
}

// What was read on purpose stays, up to the limit. Beyond it the place to go on from would be another one.
function limited(feed: Feed): Feed {
  if (feed.entries.length <= mostShown) return feed;
  return { ...feed, entries: feed.entries.slice(0, mostShown), older: undefined };
}
