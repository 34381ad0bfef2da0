import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ChartFigure } from '../../charts/ChartFigure.tsx';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { casePath } from '../../console/pages.ts';
import { useAddress } from '../../console/useAddress.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { DashboardDocument, DashboardQueueDocument, type DashboardQuery, type SpreadFieldsFragment } from '../../gql/graphql.ts';
import { DueTime } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { FilterField } from '../../shell/FilterField.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { QueueFigures } from '../queue/QueueFigures.tsx';
import { dashboardAddress, ranges, shareOf, stretchesOf, type DashboardSearch } from './dashboardSearch.ts';
import '../queue/queue.css';
import './dashboard.css';

const refreshEvery = 30_000;
const day = 86_400_000;

type Numbers = DashboardQuery['metrics'];

/** How the platform keeps its 48 hours, and what merchants tag. */
export function DashboardPage() {
  const { t } = useTranslation();
  const { search, change, clear } = useAddress(dashboardAddress);
  const chosen = [...dashboardAddress.write(search).keys()].length;
  return (
    <div className="page">
      <PageHeading title={t('nav.dashboard')}>
        <SectionBoundary>
          <QueueFigures />
        </SectionBoundary>
      </PageHeading>
      <FilterBar chosen={chosen} clear={clear}>
        <FilterField label={t('dashboard.range')}>
          {(label) => (
            <Select
              aria-label={label}
              value={search.range}
              options={ranges.map((value) => ({ value, label: t('dashboard.days', { count: Number(value) }) }))}
              onChange={(range) => change({ range })}
            />
          )}
        </FilterField>
        <ScenarioFilter scenario={search.scenario} change={(scenario) => change({ scenario })} />
      </FilterBar>
      <SectionBoundary>
        <QueueNow />
      </SectionBoundary>
      <SectionBoundary>
        <Counted search={search} />
      </SectionBoundary>
    </div>
  );
}

// Once half a minute the numbers are read anew; what is shown stays until then.
function useBeat(): number {
  const [beat, setBeat] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setBeat(Date.now()), refreshEvery);
    return () => clearInterval(timer);
  }, []);
  return beat;
}

function QueueNow() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data, error, refetch } = useRead(DashboardQueueDocument, {}, { key: ['dashboardQueue', useBeat()], keepLast: true });
  if (error !== null && data === undefined) return <FailureNotice error={error} retry={() => void refetch()} />;
  const oldest = data?.cases.nodes[0];
  const span = (seconds: number) => formats.duration(seconds * 1000);
  return (
    <Card title={t('dashboard.queueAge')}>
      {data === undefined ? (
        <div className="skeleton is-card" />
      ) : (
        <>
          <p className="hint">
            {oldest === undefined ? (
              t('queue.empty')
            ) : (
              <>
                {t('dashboard.mostUrgent')} <Link to={casePath(oldest.id)}>{t('entryPart.case', { scenario: oldest.scenario.name, buyer: oldest.buyer.id })}</Link> <DueTime dueAt={oldest.dueAt} />
              </>
            )}
          </p>
          <ChartFigure
            title={t('dashboard.queueAge')}
            rowTitle={t('dashboard.left')}
            series={[{ id: 'cases', name: t('dashboard.cases'), color: 'blue' }]}
            rows={data.queueAges.map(({ fromSeconds, toSeconds, cases }) => ({
              label: fromSeconds === null ? t('queue.filter.overdue') : toSeconds === null ? t('dashboard.from', { span: span(fromSeconds) }) : fromSeconds === 0 ? t('dashboard.upTo', { span: span(toSeconds) }) : t('dashboard.between', { from: span(fromSeconds), to: span(toSeconds) }),
              values: { cases },
            }))}
          />
        </>
      )}
    </Card>
  );
}

function Counted({ search }: { readonly search: DashboardSearch }) {
  const { t } = useTranslation();
  const beat = useBeat();
  const variables = { from: new Date(beat - (Number(search.range) - 1) * day).toISOString(), to: new Date(beat).toISOString(), scenario: search.scenario ?? null };
  const { data, error, refetch } = useRead(DashboardDocument, variables, { key: ['dashboard', search.range, search.scenario, beat], keepLast: true });
  if (data === undefined) return error === null ? <div className="skeleton is-card" /> : <FailureNotice error={error} retry={() => void refetch()} />;
  const { metrics } = data;
  return (
    <>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      <p className="hint">
        {t('dashboard.utc')} {metrics.behind > 0 && t('dashboard.behind', { count: metrics.behind })}
      </p>
      <div className="dashboard-cards">
        <ServiceLevel numbers={metrics} />
        <Outcomes numbers={metrics} />
        <SpreadCard title={t('dashboard.handling')} spread={metrics.total.handling} />
        <SpreadCard title={t('dashboard.consensus')} spread={metrics.total.consensus} />
        <TagsByDay numbers={metrics} />
        <TagsByScenario numbers={metrics} />
      </div>
    </>
  );
}

function ServiceLevel({ numbers }: { readonly numbers: Numbers }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { inTime, late, missed } = numbers.total;
  const share = shareOf(inTime, late + missed);
  return (
    <Card title={t('dashboard.sla')} extra={<Headline value={share === undefined ? '–' : formats.percent(share)} />}>
      <ChartFigure
        title={t('dashboard.sla')}
        rowTitle={t('dashboard.day')}
        upright
        series={[
          { id: 'inTime', name: t('dashboard.inTime'), color: 'blue' },
          { id: 'late', name: t('dashboard.late'), color: 'orange' },
          { id: 'missed', name: t('dashboard.missed'), color: 'red' },
        ]}
        rows={stretchesOf(numbers.days).map((each) => ({ label: formats.utcDayShort(each.day), values: each.tally }))}
      />
    </Card>
  );
}

function Headline({ value }: { readonly value: string }) {
  return <strong className="dashboard-headline">{value}</strong>;
}

function Outcomes({ numbers }: { readonly numbers: Numbers }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { total } = numbers;
  const overturned = shareOf(total.appealsAccepted, total.appealsDeclined);
  return (
    <Card title={t('dashboard.overturnRate')} extra={<Headline value={overturned === undefined ? '–' : formats.percent(overturned)} />}>
      <dl className="facts">
        {(['appealsAccepted', 'appealsDeclined', 'queued', 'confirmed', 'rejected', 'kept', 'byVotes', 'missed'] as const).map((name) => (
          <div key={name} className="dashboard-fact">
            <dt>{t(`dashboard.number.${name}`)}</dt>
            <dd>{formats.number(total[name])}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function SpreadCard({ title, spread }: { readonly title: string; readonly spread: SpreadFieldsFragment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const span = (seconds: number) => formats.duration(seconds * 1000);
  return (
    <Card title={title} extra={<Headline value={spread.meanSeconds === null ? '–' : t('dashboard.mean', { span: span(spread.meanSeconds) })} />}>
      <ChartFigure
        title={title}
        rowTitle={t('dashboard.took')}
        series={[{ id: 'cases', name: t('dashboard.cases'), color: 'green' }]}
        rows={spread.buckets.map(({ fromSeconds, toSeconds, count }) => ({
          label: toSeconds === null ? t('dashboard.from', { span: span(fromSeconds) }) : fromSeconds === 0 ? t('dashboard.upTo', { span: span(toSeconds) }) : t('dashboard.between', { from: span(fromSeconds), to: span(toSeconds) }),
          values: { cases: count },
        }))}
      />
    </Card>
  );
}

function TagsByDay({ numbers }: { readonly numbers: Numbers }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('dashboard.tagsByDay')} extra={<Headline value={formats.number(numbers.total.tags)} />}>
      <ChartFigure
        title={t('dashboard.tagsByDay')}
        rowTitle={t('dashboard.day')}
        upright
        series={[{ id: 'tags', name: t('dashboard.tags'), color: 'blue' }]}
        rows={stretchesOf(numbers.days).map((each) => ({ label: formats.utcDayShort(each.day), values: each.tally }))}
      />
    </Card>
  );
}

function TagsByScenario({ numbers }: { readonly numbers: Numbers }) {
  const { t } = useTranslation();
  const rows = numbers.scenarios
    .filter(({ tally }) => tally.tags > 0 || tally.succeeded > 0)
    .toSorted((a, b) => b.tally.tags - a.tally.tags)
    .map(({ scenario, tally }) => ({ label: scenario.name, values: { succeeded: Math.min(tally.succeeded, tally.tags), other: Math.max(0, tally.tags - tally.succeeded) } }));
  return (
    <Card title={t('dashboard.tagsByScenario')}>
      <ChartFigure
        title={t('dashboard.tagsByScenario')}
        rowTitle={t('queue.column.scenario')}
        series={[
          { id: 'succeeded', name: t('dashboard.succeeded'), color: 'green' },
          { id: 'other', name: t('dashboard.notSucceeded'), color: 'grey' },
        ]}
        rows={rows}
      />
    </Card>
  );
}
