import { Suspense, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { lazyPage } from '../../console/lazyPage.tsx';
import { casePath } from '../../console/recordPaths.ts';
import { useLoadAhead } from '../../console/useLoadAhead.ts';
import { useConsoleViewer } from '../../console/ViewerContext.ts';
import type { Decision, QueueRowFragment } from '../../gql/graphql.ts';
import { ColumnChooser } from '../../grid/ColumnChooser.tsx';
import { DataGrid, type GridHandle } from '../../grid/DataGrid.tsx';
import { ExportButton } from '../../grid/ExportButton.tsx';
import { useColumns } from '../../grid/useColumns.ts';
import { useKeys, useKeysPaused } from '../../keys/useKeys.ts';
import { decisions, mostCases } from '../../review/decisions.ts';
import { useReview } from '../../review/ReviewContext.ts';
import { mostAssigned } from '../../team/teamActions.ts';
import { useSession } from '../../session/SessionContext.ts';
import { FailureSentence } from '../../shell/FailureNotice.tsx';
import { useMessages } from '../../shell/useMessages.ts';
import { keepPlace, keptPlace } from './keptPlace.ts';
import type { QueueDialogsProps, QueueQuestion } from './QueueDialogs.tsx';
import { QueueFigures } from './QueueFigures.tsx';
import { QueueFilters } from './QueueFilters.tsx';
import { QueueToolbar } from './QueueToolbar.tsx';
import { caseOrders } from './queueSearch.ts';
import { useQueueColumns } from './useQueueColumns.tsx';
import { useQueueList } from './useQueueList.ts';
import { useQueueSearch } from './useQueueSearch.ts';
import { ViewsBar } from './ViewsBar.tsx';
import '../../grid/list.css';
import './queue.css';

const QueueDialogs = lazyPage<QueueDialogsProps>(async () => (await import('./QueueDialogs.tsx')).QueueDialogs);

const none: ReadonlySet<string> = new Set();

/** The reviewers' queue. */
export function QueuePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { can } = useConsoleViewer();
  const message = useMessages();
  const { search, text, change, become } = useQueueSearch();
  const columns = useQueueColumns();
  const columnsState = useColumns('queue', columns);
  const { list, view, all } = useQueueList(search, text);
  const grid = useRef<GridHandle>(null);
  const [kept] = useState(() => keptPlace(text));
  const [selected, setSelected] = useSelection(text, kept?.selected);
  const [question, setQuestion] = useState<QueueQuestion | undefined>(undefined);
  useKeysPaused(question !== undefined);
  useLoadAhead(QueueDialogs.load);
  useGridFocus(grid, view.phase === 'ready' && view.count > 0);
  useEffect(() => list.pin(selected), [list, selected]);
  useKeptPlace(text, grid, selected);

  function targets(): readonly QueueRowFragment[] {
    if (selected.size > 0) return [...selected].flatMap((id) => view.get(id) ?? []);
    const row = view.at(grid.current?.activeIndex() ?? -1);
    return row === undefined ? [] : [row];
  }

  function decide(decision: Decision): void {
    const rows = targets();
    if (rows.length > mostCases) message.warning(t('decide.tooMany', { most: mostCases }));
    else if (rows.length > 0) setQuestion({ kind: 'decide', decision, rows });
  }

  function assign(): void {
    const rows = targets();
    if (rows.length > mostAssigned) message.warning(t('team.tooMany', { most: mostAssigned }));
    else if (rows.length > 0) setQuestion({ kind: 'assign', caseIds: rows.map(({ id }) => id) });
  }

  useQueueKeys({ targets, decide, assign, clear: () => setSelected(none), refresh: () => void list.reload().catch(() => undefined) });

  return (
    <div className="page list-page is-dense">
      <PageHeading title={t('nav.queue')}>
        <SectionBoundary>
          <QueueFigures />
        </SectionBoundary>
      </PageHeading>
      <SectionBoundary>
        <ViewsBar current={text} open={become} />
      </SectionBoundary>
      <QueueFilters search={search} change={change} clear={() => become('')} />
      <QueueToolbar
        view={view}
        selected={selected.size}
        canDecide={can.decide}
        decide={decide}
        assign={can.lead ? assign : undefined}
        clear={() => setSelected(none)}
        showArrivals={() => {
          grid.current?.toTop();
          list.reload().then(() => grid.current?.toTop(), () => undefined);
        }}
      >
        <ColumnChooser columns={columns} state={columnsState} />
        <ExportButton name={t('queue.file')} columns={columnsState.shown} rows={all} />
      </QueueToolbar>
      <SectionBoundary>
        <div className="list-grid">
          <DataGrid
            ref={grid}
            start={kept?.grid}
            label={t('nav.queue')}
            columns={columnsState.shown}
            view={view}
            idOf={(row) => row.id}
            nameOf={(row) => `${row.scenario.name} ${row.buyer.id}`}
            open={(row) => void navigate(casePath(row.id))}
            inSight={(first, last) => list.inSight(first, last)}
            dropGone={(first, last) => list.dropGone(first, last)}
            retry={() => list.retry()}
            sortBy={search.order}
            sort={(value) => change({ order: caseOrders.find((order) => order === value) ?? 'PRIORITY_DESC' })}
            empty={t(text === '' ? 'queue.empty' : 'queue.noMatch')}
            {...(can.decide ? { selected, select: setSelected } : {})}
          />
        </div>
      </SectionBoundary>
      {question !== undefined && (
        <SectionBoundary>
          <Suspense fallback={null}>
            <QueueDialogs
              question={question}
              current={(id) => view.get(id)}
              decided={(ids) => setSelected(new Set([...selected].filter((id) => !ids.includes(id))))}
              close={() => setQuestion(undefined)}
            />
          </Suspense>
        </SectionBoundary>
      )}
    </div>
  );
}

// A selection under another filter is dropped: its rows may be out of view.
function useSelection(filter: string, before: readonly string[] | undefined): readonly [ReadonlySet<string>, (ids: ReadonlySet<string>) => void] {
  const [selection, setSelection] = useState({ filter, ids: before === undefined ? none : new Set(before) });
  return [selection.filter === filter ? selection.ids : none, (ids) => setSelection({ filter, ids })];
}

// Restores the row, the scroll position and the selection on return, after a reload too.
function useKeptPlace(filter: string, grid: { readonly current: GridHandle | null }, selected: ReadonlySet<string>): void {
  const session = useSession();
  const keep = useEffectEvent(() => {
    // Nothing is kept after signing out.
    if (grid.current !== null && session.state().token !== undefined) keepPlace(filter, { grid: grid.current.place(), selected: [...selected] });
  });
  useLayoutEffect(() => {
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, []);
}

// Focuses the list, unless something else on the page has the focus.
function useGridFocus(grid: { readonly current: GridHandle | null }, ready: boolean): void {
  useEffect(() => {
    const focused = document.activeElement;
    if (ready && (focused === null || focused === document.body || focused.tagName === 'H1')) grid.current?.focus();
  }, [grid, ready]);
}

interface QueueKeys {
  readonly targets: () => readonly QueueRowFragment[];
  readonly decide: (decision: Decision) => void;
  readonly assign: () => void;
  readonly clear: () => void;
  readonly refresh: () => void;
}

function useQueueKeys({ targets, decide, assign, clear, refresh }: QueueKeys): void {
  const { t } = useTranslation();
  const { can } = useConsoleViewer();
  const { claim } = useReview();
  const message = useMessages();

  async function claimAll(): Promise<void> {
    for (const { id } of targets()) {
      try {
        // One after the other: each has its own answer.
        // eslint-disable-next-line no-await-in-loop
        await claim(id);
        message.success(t('claim.done', { id }));
      } catch (error) {
        message.error(<FailureSentence error={error} />);
      }
    }
  }

  useKeys([
    { keys: '/', label: t('keys.filter'), group: 'list', run: () => document.getElementById('queue-buyer')?.focus() },
    { keys: 'r', label: t('keys.refresh'), group: 'list', run: refresh },
    { keys: 'Escape', label: t('keys.clear'), group: 'list', run: clear },
    ...(can.lead ? [{ keys: 'a', label: t('keys.assign'), group: 'review' as const, run: assign }] : []),
    ...(can.decide
      ? [
          { keys: 'c', label: t('keys.claim'), group: 'review' as const, run: () => void claimAll() },
          ...decisions.map((decision, index) => ({
            keys: String(index + 1),
            label: t(`decision.name.${decision}`),
            group: 'review' as const,
            run: () => decide(decision),
          })),
        ]
      : []),
  ]);
}
