// The rules of a command line, spelled out by hand (spec 01, section 3.1).
import { allOf, type Flags, type Positionals } from "../../cli/command.ts";
import { COMMON, isHelp, parse, wantsExplain, wantsJson } from "../../cli/flags.ts";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { assert, assertEquals, assertFault, assertOk } from "../assert.ts";

const FLAGS = {
  input: { kind: "text", doc: "" },
  out: { kind: "text", doc: "", default: "here" },
  mode: { kind: "choice", doc: "", values: ["dev", "prod"], fold: true, blank: "prod" },
  capture: { kind: "choice", doc: "", values: ["raw", "reference"] },
  force: { kind: "switch", doc: "" },
} as const satisfies Flags;

const NONE = { input: undefined, out: "here", mode: undefined, capture: undefined, force: false };
const ANY: Positionals = { name: "thing", doc: "", min: 0, max: Infinity };

const read = (argv: readonly string[]) => assertOk(parse(FLAGS, ANY, argv), argv.join(" "));
const values = (argv: readonly string[]) => read(argv).values;

Deno.test("flags: nothing given is the defaults, and absent is not blank", () => {
  assertEquals(values([]), { ...NONE, positionals: [] });
  assertEquals(values(["--input", ""]), { ...NONE, input: "", positionals: [] });
  assertEquals(values(["--out="]), { ...NONE, out: "", positionals: [] });
});

Deno.test("flags: one dash or two, = or a blank, before or after positionals", () => {
  for (
    const form of [["-input", "x"], ["--input", "x"], ["-input=x"], ["--input=x"], ["--input", " x\t"], ["--input=\u00a0x"]]
  ) {
    assertEquals(values([...form, "p"]), { ...NONE, input: "x", positionals: ["p"] }, form.join(" "));
    assertEquals(values(["p", ...form]), { ...NONE, input: "x", positionals: ["p"] }, form.join(" "));
  }
  assertEquals(values(["--input=a=b"]).input, "a=b");
  assertEquals(values(["-", "--", "--force", "--"]), { ...NONE, positionals: ["-", "--force", "--"] });
});

Deno.test("flags: a value flag takes the next argument whatever it looks like", () => {
  for (const next of ["--json", "--", "-x", "--force", "--help", "--out=y"]) {
    const { values, json, help } = read(["--input", next]);
    assertEquals([values.input, values.force, json, help], [next, false, false, false], next);
  }
});

Deno.test("flags: of a repeated flag the last one counts", () => {
  assertEquals(values(["--input", "a", "-input=b", "--force", "--force=false"]), { ...NONE, input: "b", positionals: [] });
  assertEquals(read(["--json", "--json=0"]).json, false);
});

Deno.test("flags: the ten words of a boolean and no others", () => {
  for (const word of ["true", "1", "t", "T", "True", "TRUE"]) assertEquals(values([`--force=${word}`]).force, true, word);
  for (const word of ["false", "0", "f", "F", "False", "FALSE"]) assertEquals(values([`-force=${word}`]).force, false, word);
  for (const word of ["", "yes", "tRUE", " true", "2", "on"]) {
    assertFault(parse(FLAGS, ANY, [`--force=${word}`]), "flag_value", word);
    assertFault(parse(FLAGS, ANY, [`--json=${word}`]), "flag_value", word);
  }
  assertEquals(values(["--force", "false"]), { ...NONE, force: true, positionals: ["false"] });
});

Deno.test("flags: choices, trimmed, folded where the flag says so, with a meaning for blank", () => {
  assertEquals(values(["--mode", " PROD "]).mode, "prod");
  assertEquals(values(["--mode", " "]).mode, "prod");
  assertEquals(values(["--capture", " raw "]).capture, "raw");
  for (const wrong of ["Raw", "", "rawx"]) assertFault(parse(FLAGS, ANY, ["--capture", wrong]), "flag_value", wrong);
  const { message } = assertFault(parse(FLAGS, ANY, ["--capture", "refrence"]), "flag_value");
  assertEquals(
    message,
    'Cannot read value "refrence" of --capture: wanted is one of raw, reference, did you mean "reference"',
  );
});

Deno.test("flags: unknown flags, missing values and unwanted arguments are faults", () => {
  for (const wrong of ["--inptu", "---input", "--=x", "-f", "--Force", "-5"]) {
    assertFault(parse(FLAGS, ANY, [wrong, "v"]), "unknown_flag", wrong);
  }
  const { message } = assertFault(parse(FLAGS, ANY, ["--inptu"]), "unknown_flag");
  assertEquals(message, 'Cannot take flag "--inptu": the command has no such flag, did you mean "--input"');
  for (const last of ["--input", "-mode"]) assertFault(parse(FLAGS, ANY, ["p", last]), "flag_value", last);
  assertFault(parse(FLAGS, undefined, ["extra"]), "usage");
  const one: Positionals = { name: "run", doc: "A run", min: 1, max: 1, values: ["a", "b"] };
  assertFault(parse(FLAGS, one, []), "missing_argument");
  assertFault(parse(FLAGS, one, ["a", "b"]), "usage");
  assertFault(parse(FLAGS, one, ["c"]), "flag_value");
  assertEquals(assertOk(parse(FLAGS, one, ["b"])).values.positionals, ["b"]);
  assertEquals(assertOk(parse({}, { ...ANY, max: 0, ignored: true }, ["a", "b"])).values.positionals, ["a", "b"]);
  const required = { input: { kind: "text", doc: "", required: true } } as const;
  for (const argv of [[], ["--input", " "]]) assertFault(parse(required, undefined, argv), "missing_argument");
});

Deno.test("flags: help wants nothing else", () => {
  const required = { input: { kind: "text", doc: "", required: true } } as const;
  for (const help of ["--help", "-help", "-h", "--h", "--help=true"]) {
    assertEquals(assertOk(parse(required, undefined, [help, "extra"])).help, true, help);
  }
  assertEquals(["--help", "-h", "help", "h", "--helpx"].map(isHelp), [true, true, false, false, false]);
});

Deno.test("flags: JSON is asked for anywhere before --, also where nothing else can be read", () => {
  const asked = [["x", "--json"], ["-json"], ["--bogus", "--json=true"], ["--json=false", "--json"], ["--json=maybe"]];
  for (const argv of asked) assertEquals(wantsJson(argv), true, argv.join(" "));
  const unasked = [[], ["json"], ["--", "--json"], ["--json=false"], ["-json", "-json=0"], ["--jsonx"]];
  for (const argv of unasked) assertEquals(wantsJson(argv), false, argv.join(" "));
});

Deno.test("flags: --explain counts as a word of its own before --", () => {
  assertEquals([["a", " --explain "], ["--explain"]].map(wantsExplain), [true, true]);
  assertEquals([["--", "--explain"], ["--explain=true"], ["-explain-"], []].map(wantsExplain), [false, false, false, false]);
});

// `--explain` is the one that a command may answer itself, about what it was asked.
Deno.test("flags: no command names a flag that all commands have", async () => {
  for (const { path, load } of allOf(COMMANDS)) {
    const { default: command } = await load();
    assertEquals(command.path, path);
    for (const name of Object.keys(command.flags)) {
      const common = name in COMMON && name !== "explain" || name === "h";
      assert(!common && /^[a-z][a-z0-9-]*$/.test(name), `${path.join(" ")} --${name}`);
    }
    for (const flag of Object.values(command.flags)) {
      if (flag.kind !== "choice") continue;
      for (const word of [flag.default, flag.blank]) assert(word === undefined || flag.values.includes(word), word);
    }
  }
});
