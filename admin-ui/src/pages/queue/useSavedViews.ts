import { useAsk } from '../../data/AskContext.ts';
import { usePages, type Pages } from '../../data/usePages.ts';
import { useRead } from '../../data/useRead.ts';
import { OwnViewsDocument, SharedViewsDocument, type SavedViewFieldsFragment } from '../../gql/graphql.ts';

// How many of others' views are read at once.
const sharedAtOnce = 20;

export interface SavedViews extends Pick<Pages<unknown>, 'more' | 'reading'> {
  /** One's own, which are all read, then what others share, as far as was asked for. */
  readonly views: readonly SavedViewFieldsFragment[];
}

/** The views that were saved for a page. */
export function useSavedViews(page: string): SavedViews {
  const ask = useAsk();
  const { data } = useRead(OwnViewsDocument, { page }, { key: ['savedViews', page], keepLast: true });
  const { rows, more, reading } = usePages(['savedViews', page, 'shared'], async (after, signal) => (await ask(SharedViewsDocument, { page, first: sharedAtOnce, after }, signal)).savedViews);
  const own = data?.savedViews.nodes ?? [];
  const ids = new Set(own.map(({ id }) => id));
  return { views: [...own, ...(rows ?? []).filter(({ id }) => !ids.has(id))], more, reading };
}
