import { Button } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { SectionBoundary } from '../console/layout/SectionBoundary.tsx';
import { lazyPage } from '../console/lazyPage.tsx';
import { useFormats } from '../format/useFormats.ts';
import { csvOf, saveFile } from '../list/csv.ts';
import { chartHeight, type ChartRow, type ChartSeries } from './chart.ts';
import { ScrollRegion } from '../shell/ScrollRegion.tsx';
import { NumberLink } from './NumberLink.tsx';
import './charts.css';

const StackedBars = lazyPage(async () => (await import('./StackedBars.tsx')).StackedBars);

interface ChartFigureProps {
  /** What the chart shows, for who can't see it, and the name of the exported file. */
  readonly title: string;
  /** What a row of the table is. */
  readonly rowTitle: string;
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  /** Bars stand (time) or lie (names). */
  readonly upright?: boolean;
  /** Parts stand beside each other instead of on top: they do not add up. */
  readonly beside?: boolean;
}

/** A bar chart with its legend, and the same numbers as a table and as CSV. Bars and numbers lead to the rows that they count. */
export function ChartFigure({ title, rowTitle, rows, series, upright = false, beside = false }: ChartFigureProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const empty = rows.every(({ values }) => series.every(({ id }) => (values[id] ?? 0) === 0));
  const save = () =>
    saveFile(`${title}.csv`, csvOf([rowTitle, ...series.map(({ name }) => name)], rows.map(({ label, values }) => [label, ...series.map(({ id }) => String(values[id] ?? 0))])));
  if (empty) return <p className="chart-empty">{t('chart.empty')}</p>;
  return (
    <figure className="chart" aria-label={title}>
      <ul className="chart-legend" aria-hidden="true">
        {series.map(({ id, name, color }) => (
          <li key={id}>
            <span className={`chart-key is-${color}`} /> {name}
          </li>
        ))}
      </ul>
      <div aria-hidden="true" style={{ height: chartHeight(rows, upright) }}>
        <SectionBoundary>
          <Suspense fallback={<div className="skeleton is-chart" />}>
            <StackedBars rows={rows} series={series} upright={upright} beside={beside} format={formats.number} open={(path) => void navigate(path)} />
          </Suspense>
        </SectionBoundary>
      </div>
      <details>
        <summary>{t('chart.table')}</summary>
        <Button size="small" onClick={save}>
          {t('grid.export')}
        </Button>
        <ScrollRegion className="decide-rows" label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{rowTitle}</th>
                {series.map(({ id, name }) => (
                  <th key={id} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ label, values, links }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {series.map(({ id }) => (
                    <td key={id}>
                      <NumberLink value={values[id] ?? 0} path={links?.[id]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </figure>
  );
}
