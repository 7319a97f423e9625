// How recording, verifying and comparing grow with the number of calls: a table, and the same as docs/curves.svg.
import { nodeHost } from "../../host/node.ts";
import { curve, gridLine, picture, words } from "../tools/draw.ts";
import { ROOT } from "../tools/run.ts";
import { compare, twoPacks } from "./diff.ts";
import { median } from "./measure.ts";
import { record, runInput, verify } from "./packs.ts";
import { contents } from "./plain.ts";

/** From a thousand calls to the longest entry that a runpack may have, but for a hundredth. */
const COUNTS = [1_000, 5_000, 20_000, 60_000, 120_000, 220_000];
const COLOURS = { record: "#b3541e", verify: "#1e6fb3", diff: "#3c8d40" } as const;

type Name = keyof typeof COLOURS;
type Point = { readonly count: number; readonly megabytes: number; readonly seconds: Readonly<Record<Name, number>> };

async function seconds(work: () => Promise<unknown>, runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    times.push((performance.now() - started) / 1000);
  }
  return median(times);
}

async function point(count: number): Promise<Point> {
  const runs = count > 50_000 ? 1 : 5;
  const input = runInput(count);
  const { left, right } = await twoPacks(nodeHost, count);
  const bytes = contents(left).reduce((sum, file) => sum + file.bytes.length, 0);
  return {
    count,
    megabytes: bytes / 1e6,
    seconds: {
      record: await seconds(() => record(nodeHost, input), runs),
      verify: await seconds(() => verify(nodeHost, left), runs),
      diff: await seconds(() => compare(nodeHost, left, right), runs),
    },
  };
}

const WIDTH = 640;
const HEIGHT = 400;
const LEFT = 60;
const BOTTOM = 360;

/** Both axes logarithmic: what is linear is a straight line of slope one. */
function svg(points: readonly Point[]): string {
  const all = points.flatMap((one) => Object.values(one.seconds));
  const [low, high] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))];
  const x = (count: number): number => LEFT + (Math.log10(count) - 3) / (Math.log10(220_000) - 3) * (WIDTH - LEFT - 80);
  const y = (value: number): number => BOTTOM - (Math.log10(value) - low) / (high - low) * (BOTTOM - 30);
  const named = (name: Name): string[] => {
    const end = points.at(-1);
    return [
      curve(points.map((one) => [x(one.count), y(one.seconds[name])]), COLOURS[name]),
      ...(end === undefined ? [] : [words(WIDTH - 74, (y(end.seconds[name]) + 4).toFixed(1), name, COLOURS[name])]),
    ];
  };
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)).map((value) =>
    words(4, y(value) + 4, `${value} s`) + gridLine(LEFT, WIDTH - 80, y(value))
  );
  const ticks = points.map((one) => words((x(one.count) - 16).toFixed(1), BOTTOM + 18, `${one.count / 1000}k`));
  return picture(WIDTH, HEIGHT, [
    words(LEFT, 16, "Seconds by number of tool calls, both axes logarithmic"),
    ...decades,
    ...ticks,
    ...named("record"),
    ...named("verify"),
    ...named("diff"),
  ]);
}

const points: Point[] = [];
console.log("    calls        MB   record s   verify s     diff s");
for (const count of COUNTS) {
  const one = await point(count);
  points.push(one);
  const cells = [count, one.megabytes.toFixed(1), ...Object.values(one.seconds).map((value) => value.toFixed(3))];
  console.log(cells.map((cell, i) => String(cell).padStart(i === 0 ? 9 : 10)).join(" "));
}
await Deno.writeTextFile(`${ROOT}docs/curves.svg`, svg(points));
console.log("wrote docs/curves.svg");
