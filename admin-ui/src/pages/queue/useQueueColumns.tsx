import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { casePath } from '../../console/pages.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { DueText, Mark, riskTones, stateTones } from '../../review/marks.tsx';
import type { QueueListRow } from './useQueueList.ts';

export function useQueueColumns(): readonly GridColumn<QueueListRow>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  return useMemo<readonly GridColumn<QueueListRow>[]>(
    () => [
      {
        id: 'due',
        title: t('queue.column.due'),
        width: 'minmax(min(156px, 34vw), 1.2fr)',
        essential: true,
        sort: { value: 'DUE_AT_ASC', direction: 'ascending' },
        cell: (row) => <DueText dueAt={row.dueAt} now={now} formats={formats} t={t} />,
        text: (row) => row.dueAt ?? '',
      },
      {
        id: 'scenario',
        title: t('queue.column.scenario'),
        width: 'minmax(96px, 2fr)',
        essential: true,
        cell: (row) => (
          <a href={casePath(row.id)} tabIndex={-1} title={row.scenario.name}>
            {row.scenario.name}
          </a>
        ),
        text: (row) => row.scenario.name,
      },
      { id: 'buyer', title: t('queue.column.buyer'), width: 'minmax(110px, 1.5fr)', cell: (row) => row.buyer.id, text: (row) => row.buyer.id },
      {
        id: 'votes',
        title: t('queue.column.votes'),
        width: '76px',
        essential: true,
        align: 'end',
        cell: ({ explanation }) => (
          <span title={t('queue.votesOf', { count: explanation.count, threshold: explanation.threshold })}>
            {explanation.count}/{explanation.threshold}
          </span>
        ),
        text: ({ explanation }) => `${explanation.count}/${explanation.threshold}`,
      },
      {
        id: 'risk',
        title: t('queue.column.risk'),
        width: '120px',
        cell: ({ explanation }) => <Mark tone={riskTones[explanation.riskLevel]}>{t(`riskLevel.${explanation.riskLevel}`)}</Mark>,
        text: (row) => t(`riskLevel.${row.explanation.riskLevel}`),
      },
      { id: 'state', title: t('queue.column.state'), width: '132px', cell: ({ state }) => <Mark tone={stateTones[state]}>{t(`caseState.${state}`)}</Mark>, text: (row) => t(`caseState.${row.state}`) },
      {
        id: 'priority',
        title: t('queue.column.priority'),
        width: '100px',
        align: 'end',
        sort: { value: 'PRIORITY_DESC', direction: 'descending' },
        cell: (row) => formats.number(Math.round(row.priority)),
        text: (row) => String(row.priority),
      },
      {
        id: 'claim',
        title: t('queue.column.claim'),
        width: 'minmax(96px, 1fr)',
        cell: (row) => claimText(row, t('queue.nobody'), t(`decision.name.${row.decision?.decision ?? 'CONFIRM'}`)),
        text: (row) => row.claim?.by ?? '',
      },
      {
        id: 'opened',
        title: t('queue.column.opened'),
        width: dateTimeWidth,
        optional: true,
        sort: { value: 'OPENED_AT_DESC', direction: 'descending' },
        cell: (row) => formats.dateTime(row.openedAt),
        text: (row) => row.openedAt,
      },
      {
        id: 'score',
        title: t('queue.column.score'),
        width: '84px',
        optional: true,
        align: 'end',
        cell: (row) => row.buyer.risk?.score ?? '–',
        text: (row) => String(row.buyer.risk?.score ?? ''),
      },
      {
        id: 'holds',
        title: t('queue.column.holds'),
        width: 'minmax(110px, 1fr)',
        optional: true,
        cell: (row) => row.explanation.holds.join(', '),
        text: (row) => row.explanation.holds.join(' '),
      },
    ],
    [t, formats, now],
  );
}

// A case that left the queue says how; one that waits says who works on it.
function claimText(row: QueueListRow, nobody: string, decisionName: string): string {
  if (row.handling === 'HANDLED' && row.decision !== null) return decisionName;
  return row.claim?.by ?? nobody;
}
