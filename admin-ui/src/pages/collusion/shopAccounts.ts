import { sharedAccounts, type ShopTag } from './clusters.ts';

/** A shop and the accounts, or an account and the shops, as far as a small picture has room. */
export interface ShopAccounts {
  readonly shops: readonly NamedShop[];
  /** The account that it is about, then those that most of the shops tagged. */
  readonly accounts: readonly LinkedAccount[];
  /** How many other accounts at least two of the shops tagged, shown or not. */
  readonly others: number;
}

export interface NamedShop {
  readonly id: string;
  readonly name: string;
}

export interface LinkedAccount {
  readonly buyerId: string;
  /** By identifier. */
  readonly shops: ReadonlySet<string>;
}

export const mostShops = 6;
export const mostAccounts = 7;

/** The shops that tagged an account, and which other accounts several of them tagged. */
export function shopAccounts(buyerId: string, shops: readonly NamedShop[], tags: readonly ShopTag[]): ShopAccounts {
  const shown = [...new Map(shops.map((shop) => [shop.id, shop])).values()].slice(0, mostShops);
  const others = sharedAccounts(tags.filter(({ merchant }) => shown.some(({ id }) => id === merchant.id))).filter((account) => account.buyerId !== buyerId);
  return {
    shops: shown,
    accounts: [
      { buyerId, shops: new Set(shown.map(({ id }) => id)) },
      ...others.slice(0, mostAccounts - 1).map((account) => ({ buyerId: account.buyerId, shops: new Set(account.shops) })),
    ],
    others: others.length,
  };
}
