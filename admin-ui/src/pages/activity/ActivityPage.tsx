import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { useAddress } from '../../console/useAddress.ts';
import { useFormats } from '../../format/useFormats.ts';
import type { LogRowFragment } from '../../gql/graphql.ts';
import { ExportButton } from '../../grid/ExportButton.tsx';
import { useKeys } from '../../keys/useKeys.ts';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { TextFilter } from '../../shell/FilterField.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { ActionFilter } from '../log/LogFilters.tsx';
import { useLogColumns } from '../log/useLogColumns.tsx';
import { ActivityList } from './ActivityList.tsx';
import { activityAddress } from './activitySearch.ts';
import type { Feed } from './feed.ts';
import { useActivity } from './useActivity.ts';
import '../log/log.css';
import './activity.css';

/** Everything that happens, as it happens. */
export function ActivityPage() {
  const { t } = useTranslation();
  const { search, change, clear } = useAddress(activityAddress);
  const activity = useActivity(search);
  const { feed } = activity;
  const columns = useLogColumns();
  const toggle = feed.paused ? activity.resume : activity.pause;
  useKeys([
    { keys: '/', label: t('keys.filter'), group: 'list', run: () => document.getElementById('activity-actor')?.focus() },
    { keys: 'p', label: t(feed.paused ? 'activity.resume' : 'activity.pause'), group: 'list', run: toggle },
  ]);
  const chosen = Object.values(search).filter((value) => value !== undefined).length;
  return (
    <div className="page">
      <PageHeading title={t('nav.activity')} />
      <FilterBar chosen={chosen} clear={clear}>
        <ActionFilter action={search.action} change={(action) => change({ action })} />
        <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
        <TextFilter id="activity-actor" label={t('log.column.actor')} placeholder={t('log.filter.actor')} value={search.actor} change={(actor) => change({ actor })} />
      </FilterBar>
      <div className="toolbar activity-toolbar">
        <Button aria-pressed={feed.paused} onClick={toggle}>
          <span aria-hidden="true">{feed.paused ? '▶' : '❚❚'}</span> {t(feed.paused ? 'activity.resume' : 'activity.pause')} <kbd className="wide-only">p</kbd>
        </Button>
        <Waiting feed={feed} show={activity.show} />
        <span className="toolbar-space" />
        <ExportButton<LogRowFragment> name={t('activity.file')} columns={columns} rows={async () => feed.entries} />
      </div>
      <SectionBoundary>
        <FeedBody activity={activity} filtered={chosen > 0} />
      </SectionBoundary>
    </div>
  );
}

function Waiting({ feed, show }: { readonly feed: Feed; readonly show: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <span aria-live="polite">
      {feed.heldCount > 0 ? (
        <Button type="primary" size="small" className="arrivals" onClick={show}>
          {t('queue.arrivals', { number: formats.number(feed.heldCount) })}
        </Button>
      ) : (
        <span className="hint">{t(feed.paused ? 'activity.paused' : 'activity.running')}</span>
      )}
    </span>
  );
}

function FeedBody({ activity, filtered }: { readonly activity: ReturnType<typeof useActivity>; readonly filtered: boolean }) {
  const { t } = useTranslation();
  const { feed } = activity;
  if (feed.phase === 'loading') return <FeedSkeleton />;
  return (
    <>
      {feed.error !== undefined && <FailureNotice error={feed.error} retry={feed.phase === 'failed' ? activity.retry : activity.readOlder} />}
      {feed.phase === 'ready' && feed.entries.length === 0 && <p className="activity-empty">{t(filtered ? 'activity.noMatch' : 'activity.empty')}</p>}
      {feed.entries.length > 0 && <ActivityList entries={feed.entries} />}
      {feed.older !== undefined && (
        <Button loading={activity.readingOlder} onClick={activity.readOlder}>
          {t('activity.older')}
        </Button>
      )}
    </>
  );
}

function FeedSkeleton() {
  const { t } = useTranslation();
  return (
    <>
      <output className="visually-hidden">{t('grid.loading')}</output>
      <div className="skeleton is-card" />
      <div className="skeleton is-card" />
    </>
  );
}
