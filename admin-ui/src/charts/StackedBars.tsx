import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { chartHeight, type ChartRow, type ChartSeries } from './chart.ts';

interface StackedBarsProps {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly upright: boolean;
  readonly beside: boolean;
  readonly format: (value: number) => string;
  readonly open: (path: string) => void;
}

/** The drawing alone. Loaded when a page has a chart. */
export function StackedBars({ rows, series, upright, beside, format, open }: StackedBarsProps) {
  const data = rows.map(({ label, values }) => ({ label, ...values }));
  const follow = (path: string | undefined) => path !== undefined && open(path);
  const numbers = { type: 'number' as const, allowDecimals: false, tickFormatter: format, tick: { fill: 'var(--muted)', fontSize: 12 }, stroke: 'var(--line)' };
  const labels = { type: 'category' as const, dataKey: 'label', tick: { fill: 'var(--muted)', fontSize: 12 }, stroke: 'var(--line)' };
  return (
    <ResponsiveContainer width="100%" height={chartHeight(rows, upright)}>
      <BarChart data={data} layout={upright ? 'horizontal' : 'vertical'} accessibilityLayer={false} margin={{ top: 8, right: 12, bottom: 0, left: 0 }}>
        <CartesianGrid stroke="var(--line)" vertical={!upright} horizontal={upright} />
        {upright ? <XAxis {...labels} minTickGap={16} /> : <XAxis {...numbers} />}
        {upright ? <YAxis {...numbers} width={44} /> : <YAxis {...labels} width={150} interval={0} />}
        <Tooltip
          cursor={{ fill: 'var(--sunken)' }}
          contentStyle={{ background: 'var(--surface)', border: '1px solid var(--line)', color: 'var(--text)' }}
          itemStyle={{ color: 'var(--text)' }}
          formatter={(value) => format(Number(value))}
        />
        {series.map(({ id, name, color }) => (
          <Bar
            key={id}
            dataKey={id} name={name} {...(beside ? {} : { stackId: 'all' })} fill={`var(--chart-${color})`} stroke="var(--surface)" isAnimationActive={false}
            maxBarSize={36}
            // The table below says the same by keyboard.
            {...(rows.some(({ links }) => links?.[id] !== undefined) ? { cursor: 'pointer', onClick: (_: unknown, index: number) => follow(rows[index]?.links?.[id]) } : {})}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
