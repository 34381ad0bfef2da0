import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { casePath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { dateTimeWidth, type GridColumn } from '../../grid/gridColumn.ts';
import { DueText, Mark, riskTones, stateTones, WorkText } from '../../review/marks.tsx';
import { amountOf, evidenceOf, factsOf, shopsOf, signalOf } from './evidenceText.ts';
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
        width: 'minmax(min(142px, 34vw), 1fr)',
        essential: true,
        sort: { value: 'DUE_AT_ASC', direction: 'ascending' },
        cell: (row) => <DueText dueAt={row.dueAt} now={now} formats={formats} t={t} />,
        text: (row) => row.dueAt ?? '',
        isTime: true,
      },
      {
        id: 'scenario',
        title: t('queue.column.scenario'),
        width: 'minmax(min(134px, 25vw), 1.6fr)',
        essential: true,
        cell: (row) => (
          <a href={casePath(row.id)} tabIndex={-1} title={row.scenario.name}>
            {row.scenario.name}
          </a>
        ),
        text: (row) => row.scenario.name,
      },
      { id: 'buyer', title: t('queue.column.buyer'), width: 'minmax(96px, 1fr)', cell: (row) => `${row.buyer.id}${otherText(row)}`, text: (row) => row.buyer.id },
      {
        id: 'votes',
        title: t('queue.column.votes'),
        width: '62px',
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
        width: '96px',
        cell: ({ explanation }) => <Mark tone={riskTones[explanation.riskLevel]}>{t(`riskLevel.${explanation.riskLevel}`)}</Mark>,
        text: (row) => t(`riskLevel.${row.explanation.riskLevel}`),
      },
      {
        id: 'amount',
        title: t('queue.column.amount'),
        width: '116px',
        align: 'end',
        cell: (row) => amountOf(row, formats),
        // A number, as spreadsheets add it up.
        text: (row) => row.evidence?.amounts.map(({ cents, currency }) => `${(cents / 100).toFixed(2)} ${currency}`).join(' + ') ?? '',
      },
      {
        id: 'evidence',
        title: t('queue.column.evidence'),
        width: 'minmax(160px, 5fr)',
        cell: (row) => (
          <span className="two-lines" title={evidenceOf(row, formats)}>
            {factsOf(row, formats)}
            {(row.evidence?.note ?? '') !== '' && <span data-verbatim> · {row.evidence?.note}</span>}
          </span>
        ),
        text: (row) => evidenceOf(row, formats),
      },
      { id: 'shops', title: t('queue.column.shops'), width: 'minmax(88px, 1fr)', optional: true, cell: (row) => <span title={shopsOf(row, formats)}>{shopsOf(row, formats)}</span>, text: (row) => shopsOf(row, formats) },
      {
        id: 'signal',
        title: t('queue.column.signal'),
        width: 'minmax(104px, 1.3fr)',
        optional: true,
        cell: (row) => <span title={signalOf(row, formats)}>{signalOf(row, formats)}</span>,
        text: (row) => signalOf(row, formats),
      },
      {
        id: 'note',
        title: t('queue.column.note'),
        width: 'minmax(60px, 1.5fr)',
        optional: true,
        cell: (row) => (
          <span data-verbatim title={row.evidence?.note ?? ''}>
            {row.evidence?.note ?? ''}
          </span>
        ),
        text: (row) => row.evidence?.note ?? '',
      },
      {
        id: 'others',
        title: t('queue.column.others'),
        width: '84px',
        optional: true,
        align: 'end',
        cell: (row) => row.evidence?.otherCases ?? '',
        text: (row) => String(row.evidence?.otherCases ?? ''),
      },
      { id: 'state', title: t('queue.column.state'), width: '132px', optional: true, cell: ({ state }) => <Mark tone={stateTones[state]}>{t(`caseState.${state}`)}</Mark>, text: (row) => t(`caseState.${row.state}`) },
      {
        id: 'priority',
        title: t('queue.column.priority'),
        width: '76px',
        align: 'end',
        sort: { value: 'PRIORITY_DESC', direction: 'descending' },
        cell: (row) => (
          <span title={row.priorityParts?.map(({ reason, hours }) => `${t(`priority.${reason}`)} ${formats.number(Math.round(hours))}`).join(' + ')}>{formats.number(Math.round(row.priority))}</span>
        ),
        text: (row) => String(Math.round(row.priority)),
      },
      {
        id: 'claim',
        title: t('queue.column.claim'),
        width: 'minmax(66px, 0.7fr)',
        // A case that left the queue says how; one that waits says whom it waits for.
        cell: (row) =>
          row.handling === 'HANDLED' && row.decision !== null ? t(`decision.done.${row.decision.decision}`) : (WorkText({ row, now, formats, t }) ?? t('queue.nobody')),
        text: (row) => row.claim?.by ?? row.assignment?.to ?? '',
      },
      {
        id: 'opened',
        title: t('queue.column.opened'),
        width: dateTimeWidth,
        optional: true,
        sort: { value: 'OPENED_AT_DESC', direction: 'descending' },
        cell: (row) => formats.dateTime(row.openedAt),
        text: (row) => row.openedAt,
        isTime: true,
      },
      {
        id: 'score',
        title: t('queue.column.score'),
        width: '84px',
        optional: true,
        align: 'end',
        cell: (row) => scoreOf(row),
        text: (row) => scoreOf(row),
      },
      {
        id: 'holds',
        title: t('queue.column.holds'),
        width: 'minmax(110px, 1fr)',
        optional: true,
        cell: (row) => formats.list(row.explanation.onHold.map(({ label }) => label)),
        text: (row) => row.explanation.onHold.map(({ label }) => label).join(' '),
      },
    ],
    [t, formats, now],
  );
}

function otherText({ evidence }: QueueListRow): string {
  return evidence === undefined || evidence.otherCases === 0 ? '' : ` +${evidence.otherCases}`;
}

function scoreOf({ buyer }: QueueListRow): string {
  return buyer.risk?.score.toString() ?? '–';
}
