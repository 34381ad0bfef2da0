import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import { useAsk } from '../../data/AskContext.ts';
import { EntrySentence } from '../../entry/EntrySentence.tsx';
import { useFormats } from '../../format/useFormats.ts';
import { ReadInboxDocument, type LogRowFragment } from '../../gql/graphql.ts';
import { Mark } from '../../review/marks.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { MoreButton } from '../../shell/MoreButton.tsx';
import { useInbox } from '../../team/useInbox.ts';
import { useInboxEntries } from './useInboxEntries.ts';
import './inbox.css';

/** What concerns the person: notes that mention them, cases assigned to them or taken from them. */
export function InboxPage() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <PageHeading title={t('nav.inbox')} />
      <p className="hint">{t('inbox.intro')}</p>
      <SectionBoundary>
        <InboxList />
      </SectionBoundary>
    </div>
  );
}

function InboxList() {
  const { t } = useTranslation();
  const { id } = useConsoleViewer();
  const { rows, error, retry, more, reading } = useInboxEntries(`reviewer:${id}`);
  const unreadFrom = useReadThrough(rows?.[0]?.seq);
  return (
    <>
      {error !== null && <FailureNotice error={error} retry={retry} />}
      {rows?.length === 0 && <p>{t('inbox.none')}</p>}
      <ol className="inbox" aria-label={t('nav.inbox')} aria-live="polite">
        {rows?.map((entry) => (
          <InboxEntry key={entry.seq} entry={entry} unread={unreadFrom !== undefined && entry.seq > unreadFrom} />
        ))}
      </ol>
      <MoreButton more={more} reading={reading} />
    </>
  );
}

function InboxEntry({ entry, unread }: { readonly entry: LogRowFragment; readonly unread: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li className={unread ? 'is-unread' : undefined}>
      <time dateTime={entry.at}>{formats.dateTime(entry.at)}</time>
      <span>
        {unread && <Mark tone="info">{t('inbox.unread')}</Mark>} <EntrySentence entry={entry} />
        {entry.reasonText !== null && entry.reasonText !== '' && (
          <span className="inbox-text" data-verbatim>
            {entry.reasonText}
          </span>
        )}
      </span>
    </li>
  );
}

// What is shown is read. What was unread when the page was opened is marked so until it is left.
function useReadThrough(newest: number | undefined): number | undefined {
  const ask = useAsk();
  const client = useQueryClient();
  const inbox = useInbox();
  const [before, setBefore] = useState<number | undefined>(undefined);
  if (before === undefined && inbox !== undefined) setBefore(Number(inbox.readThrough));
  const { mutate } = useMutation({
    mutationFn: async (through: number) => ask(ReadInboxDocument, { input: { through: String(through) } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['inbox'], exact: false, predicate: ({ queryKey }) => queryKey[1] !== 'entries' }),
  });
  const markRead = useEffectEvent((through: number) => {
    if (inbox !== undefined && through > Number(inbox.readThrough)) mutate(through);
  });
  const known = inbox !== undefined;
  useEffect(() => {
    if (known && newest !== undefined) markRead(newest);
  }, [known, newest]);
  return before;
}
