// What a server counts, read from the text that Prometheus reads: values by name and labels, and quantiles of what was spread.

/** The buckets of a spread: how many values were at most so large, ascending; the last one is all. */
export type Buckets = readonly { readonly most: number; readonly count: number }[];

/** A family of values. */
export type Family = { readonly name: string; readonly type: string; readonly labels: readonly string[] };

/** What was counted at a moment. */
export interface Scrape {
  readonly families: readonly Family[];
  /** A value by its name and labels as they are written; 0 where nothing was counted. */
  value(name: string, labels: string): number;
  buckets(name: string): Buckets;
}

const ROW = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm;

/** Reads a text of metrics. */
export function families(text: string): Scrape {
  const rows = [...text.matchAll(ROW)].map(([, name = "", labels = "", value = ""]) => ({
    name,
    labels,
    value: Number(value),
  }));
  const values = new Map(rows.map(({ name, labels, value }) => [`${name}{${labels}}`, value]));
  const labelsOf = (family: string): readonly string[] => {
    const own = rows.filter(({ name }) => name === family || name === `${family}_bucket`);
    return [...new Set(own.flatMap(({ labels }) => [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label)))].sort();
  };
  return {
    families: [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({
      name,
      type,
      labels: labelsOf(name),
    })),
    value: (name, labels) => values.get(`${name}{${labels}}`) ?? 0,
    buckets: (name) =>
      rows.filter((row) => row.name === `${name}_bucket`).map(({ labels, value }) => {
        const most = /^le="(.*)"$/.exec(labels)?.[1] ?? "";
        return { most: most === "+Inf" ? Infinity : Number(most), count: value };
      }),
  };
}

/**
 * A quantile of what came between two moments, straight between the bounds of its bucket; undefined where nothing came, or where it lies
 * beyond the last bound.
 */
export function quantileOf(before: Buckets, after: Buckets, part: number): number | undefined {
  const grown = after.map(({ most, count }, i) => ({ most, count: count - (before[i]?.count ?? 0) }));
  const all = grown.at(-1)?.count ?? 0;
  if (all === 0) return undefined;
  const at = grown.findIndex(({ count }) => count >= part * all);
  const [bucket, below] = [grown[at], grown[at - 1] ?? { most: 0, count: 0 }];
  if (bucket === undefined || bucket.most === Infinity) return undefined;
  return below.most + (bucket.most - below.most) * (part * all - below.count) / (bucket.count - below.count);
}
