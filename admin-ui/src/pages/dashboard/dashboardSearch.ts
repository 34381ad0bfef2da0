import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';

export const ranges = ['7', '30', '90', '180', '365'] as const;

export interface DashboardSearch {
  /** How many days, today included. */
  readonly range: (typeof ranges)[number];
  readonly scenario: string | undefined;
}

export const dashboardAddress: AddressForm<DashboardSearch> = {
  read: (params) => ({ range: oneOf(ranges, params.get('range')) ?? '30', scenario: filled(params.get('scenario')) }),
  write: ({ range, scenario }) => addressOf({ range: range === '30' ? undefined : range, scenario }),
};

export interface DayNumbers {
  readonly day: string;
  /** Exclusive. */
  readonly end: string;
  readonly tally: Readonly<Record<string, number>>;
}

// More bars than this are too thin to distinguish.
const mostBars = 62;

/** Days, grouped by seven where there are many; each group is named by its first day. */
export function groupedDays(days: readonly DayNumbers[]): readonly DayNumbers[] {
  const size = days.length > mostBars ? 7 : 1;
  const groups: DayNumbers[] = [];
  for (let first = 0; first < days.length; first += size) {
    const part = days.slice(first, first + size);
    const tally: Record<string, number> = {};
    for (const each of part) for (const [name, count] of Object.entries(each.tally)) tally[name] = (tally[name] ?? 0) + count;
    groups.push({ day: part[0]?.day ?? '', end: part.at(-1)?.end ?? '', tally });
  }
  return groups;
}

/** The share of `part` in a whole of `part` and `rest`; undefined of nothing. */
export function shareOf(part: number, rest: number): number | undefined {
  return part + rest === 0 ? undefined : part / (part + rest);
}
