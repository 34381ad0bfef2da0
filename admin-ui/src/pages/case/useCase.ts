import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useFollow } from '../../data/live/useFollow.ts';
import { useZone } from '../../format/ZoneContext.ts';
import { useRead } from '../../data/useRead.ts';
import { CaseChangesDocument, CaseDetailDocument, CaseViewersDocument, type CaseDetailQuery } from '../../gql/graphql.ts';
import { useReviewChanges } from '../../review/ReviewContext.ts';

/** A case with everything the page shows of it. */
export type CaseDetail = NonNullable<CaseDetailQuery['case']>;

export type CaseTag = CaseDetail['tags']['nodes'][number];

/** One case, read again whenever it, or another case of its buyer, changes. */
export function useCase(id: string) {
  const client = useQueryClient();
  const timeZone = useZone() ?? null;
  const read = useRead(CaseDetailDocument, { id, timeZone }, { key: ['case', id] });
  const buyerId = read.data?.case?.buyer.id;
  const readAgain = () => client.invalidateQueries({ queryKey: ['case', id] });
  useFollow({
    document: CaseChangesDocument,
    variables: { filter: buyerId === undefined ? {} : { buyerId } },
    enabled: buyerId !== undefined,
    cursorOf: ({ caseChanged }) => caseChanged.cursor,
    events: () => void readAgain(),
    // The first read happened before the cursor was known: refetch once, so that no event is missed.
    read: readAgain,
  });
  useReviewChanges((rows) => {
    if (rows.some((row) => row.id === id)) void readAgain();
  });
  return read;
}

/** Who else has the case open at this moment. */
export function useOtherViewers(caseId: string): readonly string[] {
  const viewer = useConsoleViewer();
  const [others, setOthers] = useState<readonly string[]>([]);
  useFollow({
    document: CaseViewersDocument,
    variables: { caseId },
    cursorOf: () => undefined,
    events: (batch) => setOthers((batch.at(-1)?.caseViewers ?? []).map(({ id }) => id).filter((id) => id !== viewer.id)),
  });
  return others;
}
