import { buyerPath, casePath, merchantPath } from '../console/recordPaths.ts';
import type { FindOwnOrderQuery, FindQuery } from '../gql/graphql.ts';

export const entryKinds = ['recent', 'page', 'case', 'buyer', 'merchant', 'order', 'search'] as const;

export type EntryKind = (typeof entryKinds)[number];

/** Something that the palette leads to. */
export interface PaletteEntry {
  readonly kind: EntryKind;
  readonly path: string;
  /** What it is called, and what else distinguishes it. */
  readonly name: string;
  readonly hint: string;
}

export interface NamedPage {
  readonly path: string;
  readonly name: string;
}

/** The pages whose name has the text in it; none for no text. */
export function pagesNamed(text: string, pages: readonly NamedPage[]): readonly PaletteEntry[] {
  const sought = text.toLocaleLowerCase();
  return sought === '' ? [] : pages.filter(({ name }) => name.toLocaleLowerCase().includes(sought)).map(({ name, path }) => ({ kind: 'page', path, name, hint: '' }));
}

// An account can have a case for each scenario: leaves room for the other kinds.
const mostCases = 8;

/** What the server found, those of one kind together, each once. */
export function entriesFound({ buyers, cases, merchants, orders }: FindQuery['find'], stateName: (state: FindQuery['find']['cases'][number]['state']) => string): readonly PaletteEntry[] {
  const allCases = new Map([...cases, ...(buyers[0]?.cases ?? [])].map((each) => [each.id, each]));
  return [
    ...[...allCases.values()].slice(0, mostCases).map(({ id, scenario, buyer, state }) => ({ kind: 'case' as const, path: casePath(id), name: `${scenario.name} ${buyer.id}`, hint: stateName(state) })),
    ...buyers.map(({ id }) => ({ kind: 'buyer' as const, path: buyerPath(id), name: id, hint: '' })),
    ...merchants.map(({ id, name }) => ({ kind: 'merchant' as const, path: merchantPath(id), name, hint: id })),
    // An order has no page of its own: leads to its case, or to its account.
    ...orders.flatMap(({ orderNo, merchant, buyer, tag }) => {
      const path = tag?.case ? casePath(tag.case.id) : buyer === null ? undefined : buyerPath(buyer.id);
      return path === undefined ? [] : [{ kind: 'order' as const, path, name: orderNo, hint: merchant.name }];
    }),
  ];
}

/** A shop's own order, where it is tagged. */
export function ownOrder(order: FindOwnOrderQuery['order']): readonly PaletteEntry[] {
  if (order?.tag === null || order?.tag === undefined) return [];
  return [{ kind: 'order', path: `/shop?${new URLSearchParams({ orders: order.orderNo }).toString()}`, name: order.orderNo, hint: order.tag.scenario.name }];
}
