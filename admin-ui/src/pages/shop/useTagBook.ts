import { useCallback, useState } from 'react';
import type { ShopTagFragment } from '../../gql/graphql.ts';

/** The newest known state of the tags that the page shows outside of its list, by order number. */
export type TagBook = ReadonlyMap<string, ShopTagFragment>;

const empty: TagBook = new Map();

/** Keeps tags, the newer state of each. `learn` with `onlyKnown` leaves out those that are not in the book. */
export function useTagBook(): readonly [TagBook, (tags: readonly ShopTagFragment[], onlyKnown?: boolean) => void] {
  const [book, setBook] = useState(empty);
  const learn = useCallback((tags: readonly ShopTagFragment[], onlyKnown = false) => {
    setBook((before) => {
      const news = tags.filter((tag) => {
        const held = before.get(tag.orderNo);
        return held === undefined ? !onlyKnown : tag.version > held.version;
      });
      return news.length === 0 ? before : new Map([...before, ...news.map((tag) => [tag.orderNo, tag] as const)]);
    });
  }, []);
  return [book, learn];
}
