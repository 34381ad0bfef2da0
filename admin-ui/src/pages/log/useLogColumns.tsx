import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useActorName } from '../../entry/useActorName.ts';
import { useActionName } from '../../format/useActionName.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { LogRowFragment } from '../../gql/graphql.ts';
import type { GridColumn } from '../../grid/gridColumn.ts';

export function useLogColumns(): readonly GridColumn<LogRowFragment>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const actionName = useActionName();
  const actorName = useActorName();
  return useMemo<readonly GridColumn<LogRowFragment>[]>(
    () => [
      { id: 'seq', title: t('log.column.seq'), width: '92px', align: 'end', cell: ({ seq }) => formats.number(seq), text: ({ seq }) => String(seq) },
      {
        id: 'at',
        title: t('log.column.at'),
        width: 'minmax(130px, 170px)',
        essential: true,
        cell: ({ at }) => (
          <time className="log-time" dateTime={at}>
            {formats.exactTime(at)}
          </time>
        ),
        text: ({ at }) => at,
        isTime: true,
      },
      {
        id: 'action',
        title: t('log.column.action'),
        width: 'minmax(110px, 1fr)',
        essential: true,
        cell: ({ seq, action }) => (
          <a href={`/log?entry=${seq}`} tabIndex={-1} title={action}>
            {actionName(action)}
          </a>
        ),
        text: ({ action }) => action,
      },
      { id: 'actor', title: t('log.column.actor'), width: 'minmax(100px, 1fr)', cell: ({ actor }) => <span title={actor}>{actorName(actor)}</span>, text: ({ actor }) => actor },
      {
        id: 'subjects',
        title: t('log.column.subjects'),
        width: 'minmax(180px, 2.4fr)',
        cell: ({ subjects }) => <span title={subjects.join('\n')}>{subjects.join('  ')}</span>,
        text: ({ subjects }) => subjects.join(' '),
      },
      {
        id: 'reason',
        title: t('log.column.reason'),
        width: 'minmax(140px, 2fr)',
        cell: ({ reasonText }) => (
          <span data-verbatim title={reasonText ?? undefined}>
            {reasonText ?? ''}
          </span>
        ),
        text: ({ reasonText }) => reasonText ?? '',
      },
      { id: 'before', title: t('log.column.before'), width: 'minmax(140px, 1fr)', optional: true, cell: ({ before }) => <code>{before ?? ''}</code>, text: ({ before }) => before ?? '' },
      { id: 'after', title: t('log.column.after'), width: 'minmax(140px, 1fr)', optional: true, cell: ({ after }) => <code>{after ?? ''}</code>, text: ({ after }) => after ?? '' },
    ],
    [t, formats, actionName, actorName],
  );
}
