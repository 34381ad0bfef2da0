import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ChartFigure } from '../../charts/ChartFigure.tsx';
import { NumberLink } from '../../charts/NumberLink.tsx';
import { PageHeading } from '../../console/layout/PageHeading.tsx';
import { SectionBoundary } from '../../console/layout/SectionBoundary.tsx';
import { casePath } from '../../console/recordPaths.ts';
import { addressOf, useAddress } from '../../console/useAddress.ts';
import { useRead } from '../../data/useRead.ts';
import { useFormats } from '../../format/useFormats.ts';
import { useZone } from '../../format/ZoneContext.ts';
import { DashboardDocument, DashboardQueueDocument, type DashboardQuery, type FigureName, type HistogramFieldsFragment } from '../../gql/graphql.ts';
import { DueTime } from '../../review/marks.tsx';
import { Card } from '../../shell/Card.tsx';
import { FailureNotice } from '../../shell/FailureNotice.tsx';
import { FilterBar } from '../../shell/FilterBar.tsx';
import { FilterField } from '../../shell/FilterField.tsx';
import { ScenarioFilter } from '../../shell/ScenarioFilter.tsx';
import { QueueFigures } from '../queue/QueueFigures.tsx';
import { AgreementCard } from './AgreementCard.tsx';
import { ReviewersCard } from './ReviewersCard.tsx';
import { useRows, type Metrics, type RowsOf } from './useRows.ts';
import { dashboardAddress, ranges, shareOf, groupedDays, type DashboardSearch } from './dashboardSearch.ts';
import '../queue/queue.css';
import './dashboard.css';

const refreshEvery = 30_000;
const day = 86_400_000;

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

// Once half a minute the numbers are read again; what is shown stays until then.
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
            rows={data.queueAges.map(({ fromSeconds, toSeconds, dueFrom, dueTo, cases }) => ({
              links: { cases: `/queue?${addressOf({ dueFrom: dueFrom ?? undefined, dueTo: dueTo ?? undefined }).toString()}` },
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
  const zone = useZone();
  const beat = useBeat();
  const variables = { from: new Date(beat - (Number(search.range) - 1) * day).toISOString(), to: new Date(beat).toISOString(), scenario: search.scenario ?? null };
  const { data, error, refetch } = useRead(DashboardDocument, variables, { key: ['dashboard', search.range, search.scenario, beat], keepLast: true });
  if (data === undefined) return error === null ? <div className="skeleton is-card" /> : <FailureNotice error={error} retry={() => void refetch()} />;
  const { metrics, reviewerTallies } = data;
  return (
    <>
      {error !== null && <FailureNotice error={error} retry={() => void refetch()} />}
      <p className="hint">
        {zone !== undefined && t('dashboard.zone', { zone })} {metrics.behind > 0 && t('dashboard.behind', { count: metrics.behind })}
      </p>
      <CountedCards numbers={metrics} reviewers={reviewerTallies} scenario={search.scenario} />
    </>
  );
}

interface CountedCardsProps {
  readonly numbers: Metrics;
  readonly reviewers: DashboardQuery['reviewerTallies'];
  readonly scenario: string | undefined;
}

function CountedCards({ numbers, reviewers, scenario }: CountedCardsProps) {
  const { t } = useTranslation();
  const rows = useRows(numbers, scenario);
  return (
    <div className="dashboard-cards">
      <ServiceLevel numbers={numbers} rows={rows} />
      <Outcomes numbers={numbers} rows={rows} />
      <ReviewersCard reviewers={reviewers} rows={rows} />
      <AgreementCard numbers={numbers} rows={rows} />
      <HistogramCard title={t('dashboard.handling')} histogram={numbers.total.handling} figure="HANDLED" rows={rows} />
      <HistogramCard title={t('dashboard.consensus')} histogram={numbers.total.consensus} figure="CONSENSUS" rows={rows} />
      <TagsByDay numbers={numbers} rows={rows} />
      <TagsByScenario numbers={numbers} rows={rows} />
    </div>
  );
}

interface CardProps {
  readonly numbers: Metrics;
  readonly rows: RowsOf;
}

function ServiceLevel({ numbers, rows }: CardProps) {
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
        rows={groupedDays(numbers.days).map((each) => ({
          label: formats.dayShort(each.day),
          values: each.tally,
          links: { inTime: rows('IN_TIME', { days: each }), late: rows('LATE', { days: each }), missed: rows('MISSED', { days: each }) },
        }))}
      />
    </Card>
  );
}

function Headline({ value }: { readonly value: string }) {
  return <strong className="dashboard-headline">{value}</strong>;
}

const outcomes = {
  appealsAccepted: 'APPEALS_ACCEPTED', appealsDeclined: 'APPEALS_DECLINED', queued: 'QUEUED', confirmed: 'CONFIRMED', rejected: 'REJECTED', kept: 'KEPT', byVotes: 'BY_VOTES',
  missed: 'MISSED',
} as const satisfies Partial<Record<keyof Metrics['total'], FigureName>>;

const outcomeNames = Object.keys(outcomes) as (keyof typeof outcomes)[];

function Outcomes({ numbers, rows }: CardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { total } = numbers;
  const overturned = shareOf(total.appealsAccepted, total.appealsDeclined);
  return (
    <Card title={t('dashboard.overturnRate')} extra={<Headline value={overturned === undefined ? '–' : formats.percent(overturned)} />}>
      <dl className="facts">
        {outcomeNames.map((name) => (
          <div key={name} className="dashboard-fact">
            <dt>{t(`dashboard.number.${name}`)}</dt>
            <dd>
              <NumberLink value={total[name]} path={rows(outcomes[name])} />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

interface HistogramCardProps {
  readonly title: string;
  readonly histogram: HistogramFieldsFragment;
  readonly figure: FigureName;
  readonly rows: RowsOf;
}

function HistogramCard({ title, histogram, figure, rows }: HistogramCardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const span = (seconds: number) => formats.duration(seconds * 1000);
  return (
    <Card title={title} extra={<Headline value={histogram.meanSeconds === null ? '–' : t('dashboard.mean', { span: span(histogram.meanSeconds) })} />}>
      <ChartFigure
        title={title}
        rowTitle={t('dashboard.took')}
        series={[{ id: 'cases', name: t('dashboard.cases'), color: 'green' }]}
        rows={histogram.buckets.map(({ fromSeconds, toSeconds, count }) => ({
          label: toSeconds === null ? t('dashboard.from', { span: span(fromSeconds) }) : fromSeconds === 0 ? t('dashboard.upTo', { span: span(toSeconds) }) : t('dashboard.between', { from: span(fromSeconds), to: span(toSeconds) }),
          values: { cases: count },
          links: { cases: rows(figure, { took: [fromSeconds, toSeconds] }) },
        }))}
      />
    </Card>
  );
}

function TagsByDay({ numbers, rows }: CardProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('dashboard.tagsByDay')} extra={<Headline value={formats.number(numbers.total.tags)} />}>
      <ChartFigure
        title={t('dashboard.tagsByDay')}
        rowTitle={t('dashboard.day')}
        upright
        series={[{ id: 'tags', name: t('dashboard.tags'), color: 'blue' }]}
        rows={groupedDays(numbers.days).map((each) => ({ label: formats.dayShort(each.day), values: each.tally, links: { tags: rows('TAGS', { days: each }) } }))}
      />
    </Card>
  );
}

// Beside each other, not on top: tags that succeed in some time were often submitted before it.
function TagsByScenario({ numbers, rows }: CardProps) {
  const { t } = useTranslation();
  const bars = numbers.scenarios
    .filter(({ tally }) => tally.tags > 0 || tally.succeeded > 0)
    .toSorted((a, b) => b.tally.tags - a.tally.tags)
    .map(({ scenario, tally }) => ({
      label: scenario.name,
      values: { tags: tally.tags, succeeded: tally.succeeded },
      links: { tags: rows('TAGS', { scenario: scenario.code }), succeeded: rows('SUCCEEDED', { scenario: scenario.code }) },
    }));
  return (
    <Card title={t('dashboard.tagsByScenario')}>
      <ChartFigure
        title={t('dashboard.tagsByScenario')}
        rowTitle={t('queue.column.scenario')}
        series={[
          { id: 'tags', name: t('dashboard.tags'), color: 'blue' },
          { id: 'succeeded', name: t('dashboard.succeeded'), color: 'green' },
        ]}
        beside
        rows={bars}
      />
    </Card>
  );
}
