import { Fragment, memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EntrySentence } from '../../entry/EntrySentence.tsx';
import { useFormats } from '../../format/useFormats.ts';
import type { LogRowFragment } from '../../gql/graphql.ts';

/** Entries with a line between days. */
export function ActivityList({ entries }: { readonly entries: readonly LogRowFragment[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <ol className="activity" aria-label={t('nav.activity')}>
      {entries.map((entry, index) => {
        const day = formats.date(entry.at);
        const before = entries[index - 1];
        return (
          <Fragment key={entry.seq}>
            {(before === undefined || formats.date(before.at) !== day) && <li className="activity-day">{day}</li>}
            <ActivityEntry entry={entry} />
          </Fragment>
        );
      })}
    </ol>
  );
}

const kinds: Readonly<Record<string, string>> = { tag: '◇', case: '◆', policy: '§', appeal: '⚖', merchant: '⌂', revocation: '⌂', restriction: '⊘', risk: '△' };

const ActivityEntry = memo(function ActivityEntry({ entry }: { readonly entry: LogRowFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li>
      <time dateTime={entry.at} title={formats.exactTime(entry.at)}>
        {formats.clock(entry.at)}
      </time>
      <span className="activity-sign" aria-hidden="true">
        {kinds[entry.action.split('.')[0] ?? ''] ?? '·'}
      </span>
      <span className="activity-text">
        <EntrySentence entry={entry} />
        {entry.reasonText !== null && entry.action !== 'case.missed' && (
          <span className="activity-reason" data-verbatim>
            {entry.reasonText}
          </span>
        )}
      </span>
      <Link className="activity-seq" to={`/log?entry=${entry.seq}`} aria-label={t('log.entry', { seq: entry.seq })}>
        #{entry.seq}
      </Link>
    </li>
  );
});
