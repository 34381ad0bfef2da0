import type { PairFragment } from '../../gql/graphql.ts';

export type Shop = PairFragment['a'];

/** Shops that are linked with each other, directly or by others. */
export interface Cluster {
  /** The shop whose identifier comes first: it names the cluster in addresses. */
  readonly id: string;
  /** Those with most links first. */
  readonly shops: readonly Shop[];
  /** Those with most accounts in common first. */
  readonly pairs: readonly PairFragment[];
  /** The most accounts that two of the shops have in common, and how unlikely the least unlikely pair is. */
  readonly common: number;
  readonly lift: number;
  /** When two of them last tagged the same account. */
  readonly at: string;
}

/** Groups linked pairs into clusters, those with most accounts in common first, then those with most shops. */
export function clustersOf(pairs: readonly PairFragment[]): readonly Cluster[] {
  const leaders = new Map<string, string>();
  const leaderOf = (id: string): string => {
    const leader = leaders.get(id) ?? id;
    return leader === id ? id : leaderOf(leader);
  };
  for (const { a, b } of pairs) {
    const [first = '', second = ''] = [leaderOf(a.id), leaderOf(b.id)].toSorted();
    leaders.set(second, first);
  }
  const groups = new Map<string, PairFragment[]>();
  for (const pair of pairs) {
    const leader = leaderOf(pair.a.id);
    groups.set(leader, [...(groups.get(leader) ?? []), pair]);
  }
  return [...groups.values()].map(clusterOf).toSorted((x, y) => y.common - x.common || y.shops.length - x.shops.length || (x.id < y.id ? -1 : 1));
}

function clusterOf(group: readonly PairFragment[]): Cluster {
  const shops = new Map(group.flatMap(({ a, b }) => [[a.id, a], [b.id, b]] as const));
  const links = (id: string) => group.filter(({ a, b }) => a.id === id || b.id === id).length;
  const pairs = group.toSorted((x, y) => y.commonBuyers - x.commonBuyers || y.lift - x.lift);
  return {
    id: [...shops.keys()].toSorted()[0] ?? '',
    shops: [...shops.values()].toSorted((x, y) => links(y.id) - links(x.id) || (x.id < y.id ? -1 : 1)),
    pairs,
    common: pairs[0]?.commonBuyers ?? 0,
    lift: Math.min(...group.map(({ lift }) => lift)),
    at: group.map(({ at }) => at).toSorted().at(-1) ?? '',
  };
}

export interface ShopTag {
  readonly submittedAt: string;
  readonly merchant: { readonly id: string };
  readonly case: { readonly id: string } | null;
  readonly order: { readonly buyer: { readonly id: string } | null };
}

/** An account that several of the shops tagged. */
export interface SharedAccount {
  readonly buyerId: string;
  readonly shops: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** Accounts that at least two of the shops tagged, those of most shops first. */
export function sharedAccounts(tags: readonly ShopTag[]): readonly SharedAccount[] {
  const byBuyer = new Map<string, ShopTag[]>();
  for (const tag of tags) {
    const buyer = tag.order.buyer?.id;
    if (buyer !== undefined) byBuyer.set(buyer, [...(byBuyer.get(buyer) ?? []), tag]);
  }
  return [...byBuyer]
    .map(([buyerId, of]) => {
      const times = of.map(({ submittedAt }) => submittedAt).toSorted();
      return { buyerId, shops: [...new Set(of.map(({ merchant }) => merchant.id))].toSorted(), from: times[0] ?? '', to: times.at(-1) ?? '' };
    })
    .filter(({ shops }) => shops.length > 1)
    .toSorted((x, y) => y.shops.length - x.shops.length || (x.from < y.from ? -1 : 1));
}
