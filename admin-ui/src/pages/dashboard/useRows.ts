import { useFormats } from '../../format/useFormats.ts';
import type { DashboardQuery, FigureName } from '../../gql/graphql.ts';
import { figurePath } from '../log/figures.ts';

export type Metrics = DashboardQuery['metrics'];

interface RowsWanted {
  /** Only of these days, the end exclusive; of all that are shown without. */
  readonly days?: { readonly day: string; readonly end: string };
  readonly scenario?: string;
  readonly reviewer?: string;
  readonly took?: readonly [number, number | null];
}

/** Where the rows of a number are. */
export type RowsOf = (figure: FigureName, wanted?: RowsWanted) => string;

/** Finds the rows behind numbers of the days, and of the scenario, that are shown. */
export function useRows({ days }: Metrics, scenario: string | undefined): RowsOf {
  const formats = useFormats();
  const all = { day: days[0]?.day ?? '', end: days.at(-1)?.end ?? '' };
  return (figure, wanted = {}) => {
    const { day, end } = wanted.days ?? all;
    const last = new Date(Date.parse(end) - 1).toISOString();
    return figurePath({ ...wanted, figure, from: formats.date(day), to: formats.date(last), scenario: wanted.scenario ?? scenario });
  };
}
