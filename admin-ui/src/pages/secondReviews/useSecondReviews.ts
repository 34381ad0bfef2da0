import { useTranslation } from 'react-i18next';
import { addressOf, filled, oneOf, type AddressForm } from '../../console/useAddress.ts';
import { useAsk } from '../../data/AskContext.ts';
import type { LogAction } from '../../entry/actions.ts';
import { SecondReviewsPageDocument, type SecondReviewRowFragment, type SecondReviewState } from '../../gql/graphql.ts';
import { countOf, pageSize } from '../../list/listRoom.ts';
import { usePagedList, type PagedListState } from '../../list/usePagedList.ts';
import { useReloadAfter } from '../../list/useReload.ts';

/** What of the log changes second reviews. */
export const secondReviewActions = ['second_review.drawn', 'second_review.decided', 'second_review.dropped'] as const satisfies readonly LogAction[];

export const secondReviewStates = ['OPEN', 'DISAGREED', 'AGREED', 'DROPPED'] as const satisfies readonly SecondReviewState[];

export const secondReviewTones: Record<SecondReviewState, 'info' | 'good' | 'bad' | 'plain'> = { OPEN: 'info', AGREED: 'good', DISAGREED: 'bad', DROPPED: 'plain' };

/** Which second reviews the list shows, as its address says it. */
export interface SecondReviewSearch {
  readonly state: SecondReviewState | undefined;
  readonly scenario: string | undefined;
  /** Who confirmed the case, of decided ones. */
  readonly firstBy: string | undefined;
}

export const secondReviewAddress: AddressForm<SecondReviewSearch> = {
  read: (params) => ({ state: oneOf(secondReviewStates, params.get('state')), scenario: filled(params.get('scenario')), firstBy: filled(params.get('firstBy')) }),
  write: ({ state, scenario, firstBy }) => addressOf({ state, scenario, firstBy }),
};

/** Second reviews: the open ones, the earliest confirmation first, then the others, the latest first. */
export function useSecondReviewList({ state, scenario, firstBy }: SecondReviewSearch): PagedListState<SecondReviewRowFragment> {
  const ask = useAsk();
  const { i18n } = useTranslation();
  const key = secondReviewAddress.write({ state, scenario, firstBy }).toString();
  const reviews = usePagedList<SecondReviewRowFragment>(`secondReviews?${key}#${i18n.language}`, {
    id: ({ id }) => id,
    version: () => 1,
    matches: () => true,
    compare: () => 0,
    async page(after, signal) {
      const filter = { state: state ?? null, scenario: scenario ?? null, firstBy: firstBy ?? null };
      const { secondReviews } = await ask(SecondReviewsPageDocument, { filter, first: pageSize, after: after ?? null, count: after === undefined }, signal);
      const { endCursor, hasNextPage } = secondReviews.pageInfo;
      return { rows: secondReviews.nodes, endCursor, hasNextPage, ...countOf(secondReviews) };
    },
  });
  useReloadAfter(reviews, secondReviewActions);
  return reviews;
}
