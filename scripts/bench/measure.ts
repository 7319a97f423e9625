// One row of the benchmark: two things measured in turn, and what the one is divided by the other.

/** A measured ratio, run by run, or a size in bytes with its one value. */
export type Row = {
  readonly what: string;
  /** What it is divided by, or the unit of a size. */
  readonly by: string;
  readonly values: readonly number[];
  readonly limit: number;
  /** Whether the limit is the least that it must come to, in the place of the most. */
  readonly least?: true;
};

/** How often each row is measured. */
export const RUNS = 5;

const time = async (work: () => unknown, times: number): Promise<number> => {
  const started = performance.now();
  for (let i = 0; i < times; i++) await work();
  return performance.now() - started;
};

/** Five ratios of the time of `over` to that of `under`; each run does both `times` times, alternately, after one unmeasured round. */
export async function ratios(over: () => unknown, under: () => unknown, times = 1): Promise<number[]> {
  const values: number[] = [];
  for (let run = -1; run < RUNS; run++) {
    let above = 0;
    let below = 0;
    for (let i = 0; i < times; i++) {
      above += await time(over, 1);
      below += await time(under, 1);
    }
    if (run >= 0) values.push(above / below);
  }
  return values;
}

/** The middle one of the values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Whether the median keeps within the limit. */
export const holds = ({ values, limit, least }: Row): boolean => least ? median(values) >= limit : median(values) <= limit;

/** The row as one line: verdict, min, median and max against the limit, and what is divided by what. */
export function line(row: Row): string {
  const { what, by, values, limit, least } = row;
  const number = (value: number): string => (value >= 1000 ? String(Math.round(value)) : value.toFixed(2)).padStart(7);
  const spread = [Math.min(...values), median(values), Math.max(...values)].map(number).join(" ");
  return `${holds(row) ? "ok    " : "MISSED"} ${spread}  ${least ? "least" : "limit"} ${number(limit)}  ${what} / ${by}`;
}
