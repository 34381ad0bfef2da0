/** One part of each bar. Colours are those of charts.css, which people who see colours differently can tell apart. */
export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly color: 'blue' | 'orange' | 'red' | 'green' | 'grey';
}

/** One bar. */
export interface ChartRow {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}
