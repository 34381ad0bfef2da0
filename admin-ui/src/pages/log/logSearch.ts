import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';
import { dayText, zoneMidnight } from '../../format/zoneDay.ts';
import type { FigureInput, FigureName, LogRowFragment } from '../../gql/graphql.ts';
import { figureNames } from './figures.ts';

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
  /** The number whose rows these are, with what of it; with days alone. */
  readonly figure: FigureName | undefined;
  readonly scenario: string | undefined;
  readonly reviewer: string | undefined;
  /** How long it took, as `seconds-seconds`; the second may be missing. */
  readonly took: string | undefined;
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
    const figure = range === 'custom' ? oneOf(figureNames, params.get('figure')) : undefined;
    const took = params.get('took') ?? '';
    return {
      subject: filled(params.get('subject')),
      action: filled(params.get('action')),
      actor: filled(params.get('actor')),
      range,
      from: range === 'custom' ? dayText(params.get('from')) : undefined,
      to: range === 'custom' ? dayText(params.get('to')) : undefined,
      figure,
      scenario: figure === undefined ? undefined : filled(params.get('scenario')),
      reviewer: figure === undefined ? undefined : filled(params.get('reviewer')),
      took: figure !== undefined && /^\d{1,9}-\d{0,9}$/.test(took) ? took : undefined,
      entry: entry !== undefined && /^[1-9]\d*$/.test(entry) ? entry : undefined,
    };
  },
  write({ subject, action, actor, range, from, to, figure, scenario, reviewer, took, entry }) {
    return addressOf({ subject, action, actor, range: range === 'any' ? undefined : range, from, to, figure, scenario, reviewer, took, entry });
  },
};

/** The search without what is open: what the list depends on. */
export function listPart(search: LogSearch): LogSearch {
  return { ...search, entry: undefined };
}

/** The time that a search selects; undefined for any. The last days reach past now, so that new entries belong. */
export function timesOf({ range, from, to }: LogSearch, now: number, zone: string | undefined): Times | undefined {
  if (range === 'any') return undefined;
  if (range !== 'custom') return times(now - Number(range) * day, now + day);
  if (from === undefined && to === undefined) return undefined;
  const end = to === undefined ? undefined : zoneMidnight(to, zone, 1);
  const start = from === undefined ? (end ?? now) - mostDays * day : zoneMidnight(from, zone);
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

/** The number whose rows are asked for, as the API takes it; null for none. */
export function figureOf({ figure, scenario, reviewer, took }: LogSearch): FigureInput | null {
  if (figure === undefined) return null;
  const [from, to] = took?.split('-') ?? [];
  return {
    name: figure,
    ...(scenario === undefined ? {} : { scenario }),
    ...(reviewer === undefined ? {} : { reviewer }),
    ...(from === undefined ? {} : { tookFromSeconds: Number(from) }),
    ...(to === undefined || to === '' ? {} : { tookToSeconds: Number(to) }),
  };
}

function times(from: number, to: number): Times {
  return { from: new Date(from).toISOString(), to: new Date(Math.max(from, to)).toISOString() };
}
