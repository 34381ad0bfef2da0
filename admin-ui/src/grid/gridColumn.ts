import type { ReactNode } from 'react';

/** The width of a column of days with their times, in every language. */
export const dateTimeWidth = '156px';

/** An order of a list, by its name in the API. */
export interface ColumnOrder {
  readonly value: string;
  readonly direction: 'ascending' | 'descending';
}

/** One column of a grid. Its `id` is stored with the person's choice of columns and must not change. */
export interface GridColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** A CSS grid track, such as `120px` or `minmax(160px, 2fr)`. */
  readonly width: string;
  /** Shown on narrow screens too, where there is room for two or three columns. */
  readonly essential?: boolean;
  /** Not shown until the person chooses it. */
  readonly optional?: boolean;
  readonly align?: 'end';
  /** The list's order that this column stands for, and where the server has it, the other way round. */
  readonly sort?: ColumnOrder;
  readonly reverse?: ColumnOrder;
  cell(row: Row): ReactNode;
  /** The cell as plain text, for exports. */
  text(row: Row): string;
  /** Whether the text is a moment as the API writes it: files have it in the platform's time zone, which their header names. */
  readonly isTime?: boolean;
}
