import { useNavigate } from 'react-router';
import { casePath } from '../../console/recordPaths.ts';
import { useAsk } from '../../data/AskContext.ts';
import { QueuePageDocument } from '../../gql/graphql.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { filterOf, readSearch } from '../queue/queueSearch.ts';
import { lastQueueSearch } from '../queue/useQueueSearch.ts';

// Enough to get past those that others work on.
const lookAhead = 50;

/** Opens the first case of the queue, as it was last filtered and sorted, that waits for this reviewer; else the queue. */
export function useNextCase(current: string): () => Promise<void> {
  const ask = useAsk();
  const navigate = useNavigate();
  const { isPassedOver } = useReview();
  return async () => {
    const search = readSearch(lastQueueSearch());
    const variables = { filter: filterOf(search), orderBy: search.order, first: lookAhead, after: null };
    const { cases } = await ask(QueuePageDocument, variables);
    const next = cases.nodes.find((row) => row.id !== current && row.canDecide && !isPassedOver(row.id));
    await navigate(next === undefined ? { pathname: '/queue', search: lastQueueSearch() } : casePath(next.id));
  };
}
