import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useAddress } from '../../console/useAddress.ts';
import { ColumnChooser } from '../../grid/ColumnChooser.tsx';
import { DataGrid, type GridHandle } from '../../grid/DataGrid.tsx';
import { ExportButton } from '../../grid/ExportButton.tsx';
import { ListCount } from '../../grid/ListCount.tsx';
import { useColumns } from '../../grid/useColumns.ts';
import { useKeys } from '../../keys/useKeys.ts';
import { EntryDialog } from './EntryDialog.tsx';
import { LogFilters } from './LogFilters.tsx';
import { logAddress } from './logSearch.ts';
import { useLogColumns } from './useLogColumns.tsx';
import { useLogList } from './useLogList.ts';
import '../../grid/list.css';
import './log.css';

/** The audit log, newest entry first. */
export function LogPage() {
  const { t } = useTranslation();
  const { search, change, clear } = useAddress(logAddress);
  const { list, view, all } = useLogList(search);
  const columns = useLogColumns();
  const columnsState = useColumns('log', columns);
  const grid = useRef<GridHandle>(null);
  const refresh = () => list.reload().then(() => grid.current?.toTop(), () => undefined);
  useKeys([
    { keys: '/', label: t('keys.filter'), group: 'list', run: () => document.getElementById('log-subject')?.focus() },
    { keys: 'r', label: t('keys.refresh'), group: 'list', run: () => void refresh() },
  ]);
  return (
    <div className="page list-page">
      <PageHeading title={t('nav.log')} />
      <LogFilters search={search} change={change} clear={clear} />
      <div className="toolbar">
        <ListCount view={view} showArrivals={() => void refresh()} />
        <span className="toolbar-space" />
        <ColumnChooser columns={columns} state={columnsState} />
        <ExportButton name={t('log.file')} columns={columnsState.shown} rows={all} />
      </div>
      <SectionBoundary>
        <div className="list-grid">
          <DataGrid
            ref={grid}
            label={t('nav.log')}
            columns={columnsState.shown}
            view={view}
            idOf={({ seq }) => String(seq)}
            nameOf={({ seq }) => String(seq)}
            open={({ seq }) => change({ entry: String(seq) })}
            inSight={(first, last) => list.inSight(first, last)}
            dropGone={(first, last) => list.dropGone(first, last)}
            retry={() => list.retry()}
            empty={t('log.empty')}
          />
        </div>
      </SectionBoundary>
      {search.entry !== undefined && <EntryDialog seq={search.entry} show={(entry) => change({ entry })} close={() => change({ entry: undefined })} />}
    </div>
  );
}
