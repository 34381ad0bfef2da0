import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../../data/AskContext.ts';
import { useActionName } from '../../format/useActionName.ts';
import { useFormats } from '../../format/useFormats.ts';
import { CaseTimelineDocument } from '../../gql/graphql.ts';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';

interface CaseTimelineProps {
  readonly id: string;
  /** Another version has another timeline. */
  readonly version: number;
}

/** Everything that happened to the case, from the log. */
export function CaseTimeline({ id, version }: CaseTimelineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const actionName = useActionName();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useTimeline(id, version);
  const entries = data?.pages.flatMap((page) => page.nodes) ?? [];
  return (
    <Card title={t('case.timeline')}>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      <ol className="timeline">
        {entries.map((entry) => (
          <li key={entry.seq}>
            <time dateTime={entry.at}>{formats.exactTime(entry.at)}</time>
            <span>
              <strong>{actionName(entry.action)}</strong> · {entry.actor}
              {entry.reasonText !== null && entry.reasonText !== '' && <span className="hint"> · {entry.reasonText}</span>}
            </span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('case.moreTimeline')}
        </Button>
      )}
    </Card>
  );
}

function useTimeline(id: string, version: number) {
  const ask = useAsk();
  return useInfiniteQuery({
    queryKey: ['case', id, 'timeline', version],
    queryFn: async ({ pageParam, signal }) => {
      const data = await ask(CaseTimelineDocument, { id, after: pageParam }, signal);
      return data.case?.timeline ?? { nodes: [], pageInfo: { endCursor: null, hasNextPage: false } };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    // The list as it was stays until the new one is there.
    placeholderData: (previous) => previous,
  });
}
