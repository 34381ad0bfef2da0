import { useRead } from '../data/useRead.ts';
import { ReviewersDocument } from '../gql/graphql.ts';

const nobody: readonly string[] = [];

/** The people who have acted on a case, by name. */
export function useReviewers(): readonly string[] {
  return useRead(ReviewersDocument, {}, { key: ['reviewers'], keepLast: true }).data?.reviewers ?? nobody;
}
