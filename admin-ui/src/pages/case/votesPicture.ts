/** A party's votes as the picture needs them, in milliseconds since 1970. */
export interface PictureVote {
  readonly entityId: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface PictureInput {
  readonly windowStart: number;
  readonly now: number;
  readonly threshold: number;
  readonly votes: readonly PictureVote[];
  readonly nextExpiryAt: number | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  /** Positions on the time axis, 0 to 1. */
  readonly windowFrom: number;
  readonly now: number;
  /** Undefined without votes, or when it lies beyond the right end. */
  readonly nextExpiry: number | undefined;
  /** The number of votes over time, as corners of steps: `x` 0 to 1, `y` in votes. */
  readonly past: readonly Point[];
  /** The same from now on, if nothing new comes. */
  readonly future: readonly Point[];
  readonly dots: readonly (Point & { readonly entityId: string; readonly at: number })[];
  /** The first of each month, for the axis. */
  readonly months: readonly { readonly x: number; readonly at: number }[];
  /** The highest number of votes to make room for. */
  readonly top: number;
}

// Parts of the window's length that are shown before it, and after now.
const before = 0.04;
const after = 0.3;

/** Lays out how the votes of a case came about, and what becomes of them as the window moves on. */
export function layOutVotes({ windowStart, now, threshold, votes, nextExpiryAt }: PictureInput): Picture {
  const length = now - windowStart;
  const from = windowStart - length * before;
  const until = now + length * after;
  const place = (at: number) => (at - from) / (until - from);
  const inOrder = votes.toSorted((a, b) => a.firstAt - b.firstAt);
  const rises = inOrder.map(({ firstAt }) => firstAt);
  // A vote lasts until its latest tag has left the window.
  const falls = votes.map(({ lastAt }) => lastAt + length).filter((at) => at <= until).toSorted((a, b) => a - b);
  return {
    windowFrom: place(windowStart),
    now: place(now),
    nextExpiry: nextExpiryAt === undefined || nextExpiryAt > until ? undefined : place(nextExpiryAt),
    past: steps(0, 1, [windowStart, ...rises, now], place),
    future: steps(votes.length, -1, [now, ...falls, until], place),
    dots: inOrder.map(({ entityId, firstAt }, index) => ({ entityId, at: firstAt, x: place(firstAt), y: index + 1 })),
    months: monthStarts(from, until).map((at) => ({ at, x: place(at) })),
    top: Math.max(threshold, votes.length) + 1,
  };
}

// The first and last of `times` begin and end the line; at each one between it steps by `by`.
function steps(start: number, by: number, times: readonly number[], place: (at: number) => number): Point[] {
  const points: Point[] = [];
  let y = start;
  for (const [index, at] of times.entries()) {
    points.push({ x: place(at), y });
    if (index === 0 || index === times.length - 1) continue;
    y += by;
    points.push({ x: place(at), y });
  }
  return points;
}

function monthStarts(from: number, until: number): number[] {
  const starts: number[] = [];
  const date = new Date(from);
  for (let month = 1; ; month += 1) {
    const start = new Date(date.getFullYear(), date.getMonth() + month, 1).getTime();
    if (start > until) return starts;
    starts.push(start);
  }
}
