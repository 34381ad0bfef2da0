import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { casePath } from '../../console/recordPaths.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useNow } from '../../format/useNow.ts';
import { DataGrid } from '../../grid/DataGrid.tsx';
import type { GridColumn } from '../../grid/gridColumn.ts';
import type { Density } from '../../preferences/density.ts';
import { usePreference } from '../../preferences/PreferencesContext.ts';
import { DueText, Mark, riskTones, WorkText } from '../../review/marks.tsx';
import { amountOf, factsOf } from '../queue/evidenceText.ts';
import { readSearch } from '../queue/queueSearch.ts';
import { useQueueList, type QueueListRow } from '../queue/useQueueList.ts';
import { lastQueueSearch } from '../queue/useQueueSearch.ts';

const rowHeights: Record<Density, number> = { comfortable: 96, compact: 72 };

/** The queue as it was last filtered and sorted, beside the case: j and k move both. */
export function CaseList({ current }: { readonly current: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [density] = usePreference('density');
  const text = lastQueueSearch();
  const search = readSearch(text);
  const { list, view } = useQueueList(search, text);
  const column = useRowColumn(view.exact && view.phase === 'ready' ? view.count : undefined);
  // In place of the case before it: back leads to the queue, not through every case.
  const go = (row: QueueListRow) => void navigate(casePath(row.id), { replace: true });
  return (
    <aside className="case-list" aria-label={t('nav.queue')}>
      <DataGrid
        label={t('nav.queue')}
        columns={[column]}
        view={view}
        rowHeight={rowHeights[density]}
        idOf={(row) => row.id}
        nameOf={(row) => `${row.scenario.name} ${row.buyer.id}`}
        followed={current}
        moved={(row) => row.id !== current && go(row)}
        open={go}
        inSight={(first, last) => list.inSight(first, last)}
        dropGone={(first, last) => list.dropGone(first, last)}
        retry={() => list.retry()}
        empty={t(text === '' ? 'queue.empty' : 'queue.noMatch')}
      />
    </aside>
  );
}

function useRowColumn(count: number | undefined): GridColumn<QueueListRow> {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  return {
    id: 'case',
    title: count === undefined ? t('nav.queue') : `${t('nav.queue')} · ${formats.number(count)}`,
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <span className="case-row">
        <span className="case-row-line">
          <a href={casePath(row.id)} tabIndex={-1}>
            {row.scenario.name}
          </a>
          <DueText dueAt={row.dueAt} now={now} formats={formats} t={t} />
        </span>
        <span className="case-row-line">
          <span className="case-row-cut">
            {row.explanation.count}/{row.explanation.threshold} <Mark tone={riskTones[row.explanation.riskLevel]}>{t(`riskLevel.${row.explanation.riskLevel}`)}</Mark> <WorkText row={row} now={now} formats={formats} t={t} />
          </span>
          <strong>{amountOf(row, formats)}</strong>
        </span>
        <span className="case-row-line hint">
          <span className="case-row-cut">{factsOf(row, formats)}</span>
        </span>
        <span className="case-row-line hint">
          <span className="case-row-cut" data-verbatim>{[row.buyer.id, row.evidence?.note].filter((part) => part !== null && part !== undefined).join(' · ')}</span>
          {(row.evidence?.otherCases ?? 0) > 0 && <span title={t('queue.column.others')}>+{row.evidence?.otherCases}</span>}
        </span>
      </span>
    ),
    text: (row) => row.id,
  };
}
