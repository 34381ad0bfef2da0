/** One part of each bar. Colours are those of charts.css, which people who see colours differently can distinguish. */
export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly color: 'blue' | 'orange' | 'red' | 'green' | 'grey';
}

/** One bar. */
export interface ChartRow {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
  /** Where the rows are that a part of the bar counts, by the part's id. */
  readonly links?: Readonly<Record<string, string>>;
}

/** How high a chart is drawn, in pixels: known before it is, so that nothing moves when it is there. */
export function chartHeight(rows: readonly ChartRow[], upright: boolean): number {
  return upright ? 240 : Math.max(120, rows.length * 30 + 40);
}
