import { useQueries } from '@tanstack/react-query';
import { useAsk } from '../../data/AskContext.ts';
import { TagsOfShopDocument } from '../../gql/graphql.ts';
import type { ShopTag } from './clusters.ts';

export interface TagsOfShops {
  readonly tags: readonly ShopTag[];
  /** Whether those of all shops were read. */
  readonly ready: boolean;
}

/** The latest tags of shops, up to 100 of each. */
export function useTagsOf(shops: readonly { readonly id: string }[], enabled = true): TagsOfShops {
  const ask = useAsk();
  return useQueries({
    queries: shops.map(({ id }) => ({ queryKey: ['tagsOfShop', id], enabled, queryFn: async ({ signal }: { signal: AbortSignal }) => (await ask(TagsOfShopDocument, { merchantId: id }, signal)).tags.nodes })),
    combine: (results) => ({ tags: results.flatMap(({ data }) => data ?? []), ready: results.every(({ data }) => data !== undefined) }),
  });
}
