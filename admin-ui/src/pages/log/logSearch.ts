import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';
import { dayText, zoneMidnight } from '../../format/zoneDay.ts';
import type { LogRowFragment } from '../../gql/graphql.ts';

export const logRanges = ['any', '1', '7', '30', 'custom'] as const;
export type LogRange = (typeof logRanges)[number];

/** What the log shows, as its address says it. */
export interface LogSearch {
  readonly subject: string | undefined;
  readonly action: string | undefined;
  readonly actor: string | undefined;
  /** The last so many days, or those between two days, or any time. */
  readonly range: LogRange;
  /** Days as YYYY-MM-DD in the platform's time zone, both included; for the range `custom`. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The number of the entry that is open. */
  readonly entry: string | undefined;
}

export interface Times {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

const day = 86_400_000;

/** How many days the API answers for at once. */
export const mostDays = 366;

export const logAddress: AddressForm<LogSearch> = {
  read(params) {
    const range = oneOf(logRanges, params.get('range')) ?? 'any';
    const entry = filled(params.get('entry'));
    return {
      subject: filled(params.get('subject')),
      action: filled(params.get('action')),
      actor: filled(params.get('actor')),
      range,
      from: range === 'custom' ? dayText(params.get('from')) : undefined,
      to: range === 'custom' ? dayText(params.get('to')) : undefined,
      entry: entry !== undefined && /^[1-9]\d*$/.test(entry) ? entry : undefined,
    };
  },
  write({ subject, action, actor, range, from, to, entry }) {
    return addressOf({ subject, action, actor, range: range === 'any' ? undefined : range, from, to, entry });
  },
};

/** The search without what is open: what the list depends on. */
export function listPart(search: LogSearch): LogSearch {
  return { ...search, entry: undefined };
}

/** The time that a search selects; undefined for any. The last days reach past now, so that new entries belong. */
export function timesOf({ range, from, to }: LogSearch, now: number): Times | undefined {
  if (range === 'any') return undefined;
  if (range !== 'custom') return times(now - Number(range) * day, now + day);
  if (from === undefined && to === undefined) return undefined;
  const end = to === undefined ? undefined : localMidnight(to, 1);
  const start = from === undefined ? (end ?? now) - mostDays * day : localMidnight(from);
  return times(start, end ?? Math.min(now + day, start + mostDays * day));
}

export function matchesLog(entry: LogRowFragment, search: LogSearch, within: Times | undefined): boolean {
  return (
    (search.subject === undefined || entry.subjects.includes(search.subject)) &&
    (search.action === undefined || entry.action === search.action) &&
    (search.actor === undefined || entry.actor === search.actor) &&
    (within === undefined || (entry.at >= within.from && entry.at < within.to))
  );
}

function times(from: number, to: number): Times {
  return { from: new Date(from).toISOString(), to: new Date(Math.max(from, to)).toISOString() };
}
