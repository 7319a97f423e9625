// The lint plugin refuses each thing it is there for, in the folders it is about, and nothing beside that.
import plugin from "../../scripts/lint.ts";
import { assertEquals } from "../assert.ts";

const found = (file: string, source: string): string[] =>
  Deno.lint.runPlugin(plugin, file, source).map((diagnostic) => diagnostic.id.replace("gait/", ""));

const refused: readonly (readonly [rule: string, file: string, source: string])[] = [
  ["no-clock", "core/run/x.ts", "const t = Date.now();"],
  ["no-clock", "core/run/x.ts", "const t = globalThis.Date.now();"],
  ["no-clock", "core/run/x.ts", `const t = Date["now"]();`],
  ["no-clock", "core/run/x.ts", "const t = new Date();"],
  ["no-clock", "core/run/x.ts", "const t = new Date;"],
  ["no-clock", "core/run/x.ts", "const t = Date();"],
  ["no-clock", "core/base/x.ts", "const t = performance.now();"],
  ["no-random", "core/base/x.ts", "const n = Math.random();"],
  ["no-random", "core/base/x.ts", "const n = crypto.getRandomValues(new Uint8Array(4));"],
  ["no-random", "core/base/x.ts", "const n = globalThis.crypto.randomUUID();"],
  ["no-locale", "core/base/x.ts", "const n = a.localeCompare(b);"],
  ["no-locale", "core/base/x.ts", "const n = list.map((text) => f(text)?.toLocaleUpperCase());"],
  ["no-locale", "core/base/x.ts", "const n = new Intl.Collator();"],
  ["no-locale", "core/gate/x.ts", "const n = new Intl.DateTimeFormat();"],
  ["no-console", "core/base/x.ts", "console.log(1);"],
  ["no-console", "cli/commands/x.ts", "console.error(1);"],
  ["no-console", "cli/host/deno.ts", "Deno.stdout.writeSync(bytes);"],
  ["no-console", "host/node.ts", "process.stderr.write(text);"],
  ["no-exit", "cli/commands/x.ts", "Deno.exit(1);"],
  ["no-exit", "host/node.ts", "process.exit(1);"],
  ["no-cast", "core/run/x.ts", "const n = value as number;"],
  ["no-cast", "cli/x.ts", "const n = <number> value;"],
  ["no-cast", "cli/x.ts", "const n = list[0]!;"],
];

const allowed: readonly (readonly [file: string, source: string])[] = [
  ["core/run/x.ts", "const t = new Date(0).getTime() + Date.UTC(2026, 1) + Date.parse(text);"],
  ["core/run/x.ts", "const t = record.Date + value.now();"],
  ["core/run/x.ts", "const p = { process: 1, console: 2 }; f(p.process, p.console, Math.floor(1.5));"],
  ["core/run/x.ts", "const t = text.toLowerCase();"],
  ["core/run/x.ts", "const t = ['a'] as const; import { a as b } from './y.ts';"],
  ["core/base/x.ts", "const n = value as number;"],
  ["core/gate/zone.ts", "const n = new Intl.DateTimeFormat();"],
  ["host/x.ts", "const n = table[0]!;"],
  ["cli/host/deno.ts", "const t = Date.now() + Math.random();"],
  ["cli/main.ts", "console.log(1); Deno.stdout.writeSync(bytes); Deno.exit(1);"],
  ["scripts/x.ts", "console.log(1); Deno.exit(1);"],
  ["tests/x_test.ts", "console.log(1); const t = Date.now();"],
];

for (const [rule, file, source] of refused) {
  Deno.test(`lint: ${rule} refuses ${source} in ${file}`, () => assertEquals(found(file, source), [rule]));
}

for (const [file, source] of allowed) {
  Deno.test(`lint: ${file} may say ${source}`, () => assertEquals(found(file, source), []));
}
