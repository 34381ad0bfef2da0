import { useQueryClient } from '@tanstack/react-query';
import { useAsk } from '../../data/AskContext.ts';
import { usePages, type Pages } from '../../data/usePages.ts';
import { usePolling } from '../../data/usePolling.ts';
import { ShopRestrictionsDocument, type RestrictionState, type ShopRestrictionFragment } from '../../gql/graphql.ts';
import { pageSize } from '../../list/listRoom.ts';

const name = 'shopRestrictions';
// A review takes hours: nobody waits for it by the second.
const readEvery = 30_000;

/** The shop's own restrictions: those under review first, then the others, the latest first. */
export function useShopRestrictions(state: RestrictionState | undefined): Pages<ShopRestrictionFragment> & { readonly readAgain: () => void } {
  const ask = useAsk();
  const client = useQueryClient();
  const pages = usePages([name, state ?? null], async (after, signal) => {
    const { restrictionConnection } = await ask(ShopRestrictionsDocument, { filter: { state: state ?? null }, first: pageSize, after }, signal);
    return restrictionConnection;
  });
  const readAgain = () => void client.invalidateQueries({ queryKey: [name] });
  usePolling(readAgain, readEvery);
  return { ...pages, readAgain };
}
