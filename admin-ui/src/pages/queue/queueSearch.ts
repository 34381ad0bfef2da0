import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';
import type { CaseFilter, CaseOrder, CaseState, QueueRowFragment, RiskLevel } from '../../gql/graphql.ts';

export const handlings = ['PENDING', 'HANDLED', 'ALL'] as const;
export const caseStates = ['ACCUMULATING', 'CONFIRMED', 'REJECTED', 'LAPSED', 'EXPIRED', 'OVERTURNED'] as const satisfies readonly CaseState[];
export const riskLevels = ['HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const satisfies readonly RiskLevel[];
export const caseOrders = ['PRIORITY_DESC', 'DUE_AT_ASC', 'OPENED_AT_DESC'] as const satisfies readonly CaseOrder[];

/** What the queue shows, as its address says it. */
export interface QueueSearch {
  readonly handling: (typeof handlings)[number];
  readonly states: readonly CaseState[];
  readonly scenario: string | undefined;
  readonly buyer: string | undefined;
  readonly risks: readonly RiskLevel[];
  readonly overdue: boolean;
  readonly mine: boolean;
  /** Only cases that the person is to decide. */
  readonly assigned: boolean;
  /** Only cases that were left to a lead. */
  readonly escalated: boolean;
  /** Only snoozed cases: among those that wait the others alone are listed otherwise. */
  readonly snoozed: boolean;
  /** Claimed by anybody. */
  readonly claimed: boolean;
  /** Moments between which a case is due, from inclusive, to exclusive. */
  readonly dueFrom: string | undefined;
  readonly dueTo: string | undefined;
  readonly minVotes: number | undefined;
  readonly order: CaseOrder;
}

/** Parses an address. Unknown or invalid parameters are ignored, so that old links still work. */
export function readSearch(text: string): QueueSearch {
  const params = new URLSearchParams(text);
  const votes = Number(params.get('votes'));
  return {
    handling: oneOf(handlings, params.get('handling')) ?? 'PENDING',
    states: someOf(caseStates, params.get('state')),
    scenario: filled(params.get('scenario')),
    buyer: filled(params.get('buyer')),
    risks: someOf(riskLevels, params.get('risk')),
    overdue: params.get('overdue') === '1',
    mine: params.get('mine') === '1',
    assigned: params.get('assigned') === '1',
    escalated: params.get('escalated') === '1',
    snoozed: params.get('snoozed') === '1',
    claimed: params.get('claimed') === '1',
    dueFrom: moment(params.get('dueFrom')),
    dueTo: moment(params.get('dueTo')),
    minVotes: Number.isInteger(votes) && votes > 0 ? votes : undefined,
    order: oneOf(caseOrders, params.get('sort')) ?? 'PRIORITY_DESC',
  };
}

/** The address of a search; what is as usual is left out, and equal searches have equal addresses. */
export function writeSearch(search: QueueSearch): string {
  return addressOf({
    handling: search.handling === 'PENDING' ? undefined : search.handling,
    state: caseStates.filter((state) => search.states.includes(state)).join(','),
    scenario: search.scenario,
    buyer: search.buyer,
    risk: riskLevels.filter((level) => search.risks.includes(level)).join(','),
    overdue: search.overdue ? '1' : undefined,
    mine: search.mine ? '1' : undefined,
    assigned: search.assigned ? '1' : undefined,
    escalated: search.escalated ? '1' : undefined,
    snoozed: search.snoozed ? '1' : undefined,
    claimed: search.claimed ? '1' : undefined,
    dueFrom: search.dueFrom,
    dueTo: search.dueTo,
    votes: search.minVotes?.toString(),
    sort: search.order === 'PRIORITY_DESC' ? undefined : search.order,
  }).toString();
}

export const queueAddress: AddressForm<QueueSearch> = {
  read: (params) => readSearch(params.toString()),
  write: (search) => new URLSearchParams(writeSearch(search)),
};

export function filterOf(search: QueueSearch): CaseFilter {
  return {
    ...liveFilterOf(search),
    ...(search.handling === 'ALL' ? {} : { handling: search.handling }),
    ...(search.states.length === 0 ? {} : { state: [...search.states] }),
    ...(search.risks.length === 0 ? {} : { riskLevel: [...search.risks] }),
    ...(search.overdue ? { overdue: true } : {}),
    ...(search.mine ? { claimedByMe: true } : {}),
    ...(search.assigned ? { assignedToMe: true } : {}),
    ...(search.escalated ? { escalated: true } : {}),
    ...(search.snoozed || hidesSnoozed(search) ? { snoozed: search.snoozed } : {}),
    ...(search.claimed ? { claimed: true } : {}),
    ...(search.dueFrom === undefined ? {} : { dueFrom: search.dueFrom }),
    ...(search.dueTo === undefined ? {} : { dueTo: search.dueTo }),
    ...(search.minVotes === undefined ? {} : { minVotes: search.minVotes }),
  };
}

/** The part of the filter that cannot change for a case. Subscriptions use this alone, to receive cases that leave the list. */
export function liveFilterOf(search: QueueSearch): CaseFilter {
  return {
    ...(search.scenario === undefined ? {} : { scenario: search.scenario }),
    ...(search.buyer === undefined ? {} : { buyerId: search.buyer }),
  };
}

/** Whether a case belongs to the search, as the server would say. `now` in milliseconds, `me` the caller's id. */
export function matchesSearch(row: QueueRowFragment, search: QueueSearch, now: number, me: string): boolean {
  const overdue = row.handling === 'PENDING' && row.dueAt !== null && Date.parse(row.dueAt) <= now;
  const snoozed = row.snooze !== null && Date.parse(row.snooze.until) > now;
  const claimed = row.claim !== null && Date.parse(row.claim.until) > now;
  const mine = claimed && row.claim?.by === me;
  const due = row.handling === 'PENDING' && row.dueAt !== null ? Date.parse(row.dueAt) : undefined;
  return (
    (search.snoozed ? snoozed : !hidesSnoozed(search) || !snoozed) &&
    (!search.assigned || row.assignment?.to === me) &&
    (!search.escalated || row.escalation !== null) &&
    (search.handling === 'ALL' || row.handling === search.handling) &&
    (search.states.length === 0 || search.states.includes(row.state)) &&
    (search.scenario === undefined || row.scenario.code === search.scenario) &&
    (search.buyer === undefined || row.buyer.id === search.buyer) &&
    (search.risks.length === 0 || search.risks.includes(row.explanation.riskLevel)) &&
    (!search.overdue || overdue) &&
    (!search.mine || mine) &&
    (!search.claimed || claimed) &&
    (search.dueFrom === undefined || (due !== undefined && due >= Date.parse(search.dueFrom))) &&
    (search.dueTo === undefined || (due !== undefined && due < Date.parse(search.dueTo))) &&
    row.explanation.count >= (search.minVotes ?? 0)
  );
}

/** Negative when `a` comes before `b`; equal ones follow each other by id. */
export function compareBy(order: CaseOrder, a: QueueRowFragment, b: QueueRowFragment): number {
  const later = '9999';
  switch (order) {
    case 'PRIORITY_DESC':
      return b.priority - a.priority || (a.id < b.id ? 1 : -1);
    case 'DUE_AT_ASC':
      return compareText(a.dueAt ?? later, b.dueAt ?? later) || compareText(a.id, b.id);
    case 'OPENED_AT_DESC':
      return compareText(b.openedAt, a.openedAt) || compareText(b.id, a.id);
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A moment as the API writes it; undefined for anything else. */
function moment(text: string | null): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function someOf<Value extends string>(known: readonly Value[], text: string | null): readonly Value[] {
  const words = (text ?? '').split(',');
  return known.filter((value) => words.includes(value));
}

// Snoozed cases are out of the list of what waits, but not of what a figure counts.
function hidesSnoozed({ handling, claimed, dueFrom, dueTo }: QueueSearch): boolean {
  return handling === 'PENDING' && !claimed && dueFrom === undefined && dueTo === undefined;
}
