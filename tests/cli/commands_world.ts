// The real commands on a machine in memory: one disk for many invocations, every output kept, no port without its need.
import { createHash } from "node:crypto";
import { COMMANDS } from "../../cli/commands.gen.ts";
import { memoryPorts } from "../../cli/host/memory.ts";
import type { MemoryDisk, Trouble } from "../../cli/host/memory_disk.ts";
import { EXIT, numberOf } from "../../cli/render.ts";
import { type Reply, run } from "../../cli/run.ts";
import { VERSION } from "../../cli/version.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { cleanPath } from "../../core/base/paths.ts";
import { ok, type Result } from "../../core/base/result.ts";
import type { ChildEnd, ChildRules, Ended, Ports, PostAnswer } from "../../core/ports.ts";
import { nodeHost } from "../../host/node.ts";
import { assert } from "../assert.ts";

/** What is there before the first invocation. */
export type Setup = {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly links?: readonly string[];
  readonly home?: string;
  readonly colour?: boolean;
  /** What is fed to the program, piece by piece. */
  readonly input?: readonly (string | Uint8Array)[];
  readonly trouble?: Trouble;
  readonly process?: (argv: readonly string[]) => Ended;
  readonly child?: (argv: readonly string[], rules: ChildRules) => ChildEnd;
  /** What the disk makes of the bytes that are written. */
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
  /** Whether somebody still reads what is said, after it was said for the nth time. */
  readonly reads?: (said: number) => boolean;
  /** What another process does to the disk when the command asks for random bytes: after it has looked, before it writes. */
  readonly meanwhile?: (disk: MemoryDisk) => void;
  /** The same while the command sleeps. */
  readonly asleep?: (disk: MemoryDisk) => void;
  /** What a machine answers that something is sent to. */
  readonly answer?: (url: string) => Result<PostAnswer>;
};

const bytesOf = (content: string | Uint8Array): Uint8Array => typeof content === "string" ? utf8(content) : content;

/** A machine: `text` and `json` run a command line on it, one after the other. */
export function machine(setup: Setup = {}) {
  const { files = {}, links = [], env = {}, home, colour = false, input = [], trouble, process, child } = setup;
  const { spoil = (bytes) => bytes, meanwhile = () => {}, reads = () => true, asleep, answer } = setup;
  const memory = memoryPorts({
    host: nodeHost,
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, bytesOf(content)])),
    links,
    env,
    input: input.map(bytesOf),
    ...(home === undefined ? {} : { home }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(asleep === undefined ? {} : { asleep }),
    ...(answer === undefined ? {} : { answer }),
    ...(process === undefined ? {} : { process }),
    ...(child === undefined ? {} : { child }),
  });
  const outputs: string[] = [];
  let granted: readonly (keyof Ports)[] = [];
  // The memory disk knows each file by one path; a real one also takes `./x`.
  const known = async (path: string): Promise<string> =>
    await memory.files.kind(cleanPath(path)) === "none" ? path : cleanPath(path);
  const spoiled: Ports = {
    ...memory,
    files: {
      read: async (path, limit) => await memory.files.read(await known(path), limit),
      open: async (path) => await memory.files.open(await known(path)),
      kind: async (path) => await memory.files.kind(await known(path)),
      list: async (folder) => await memory.files.list(await known(folder)),
      isLink: async (path) => await memory.files.isLink(await known(path)),
      twin: async (path) => await memory.files.twin(await known(path)),
      real: async (path) => await memory.files.real(await known(path)),
    },
    random: {
      bytes(length) {
        meanwhile(memory.disk);
        return memory.random.bytes(length);
      },
    },
    store: {
      ...memory.store,
      write: (path, bytes, mode) => memory.store.write(path, spoil(bytes), mode),
      writeAll: (files) => memory.store.writeAll(files.map((file) => ({ ...file, bytes: spoil(file.bytes) }))),
    },
  };
  // A command that reaches for a port beside its needs would lack the permission for it on a real machine.
  const narrow: Ports = new Proxy<Ports>(spoiled, {
    get(target, name) {
      const lacking = Object.hasOwn(target, name) && !granted.some((need) => need === name);
      if (lacking) throw new Error(`port ${String(name)} is no need`);
      return Reflect.get(target, name);
    },
  });
  // Text that was written as it came, before the end of the invocation.
  let said: string[] = [];
  const invoke = async (argv: readonly string[]): Promise<Reply> => {
    said = [];
    const reply = await run(argv, {
      program: { version: VERSION, commands: COMMANDS },
      colour,
      sha256Text: nodeHost.crypto.sha256Text,
      ports: () => Promise.resolve(narrow),
      say(text) {
        said.push(text);
        return Promise.resolve(reads(said.length));
      },
      restrict(needs) {
        granted = needs;
        return ok(undefined);
      },
    });
    outputs.push(...said, reply.out, reply.err ?? "");
    return reply;
  };
  return {
    disk: memory.disk,
    /** What was sent to other machines. */
    posts: memory.posts,
    /** Everything that was said so far, also on stderr. */
    outputs,
    reports: memory.reports,
    programs: memory.programs,
    /** The exit number and the lines of a command line in text mode. */
    async text(...argv: readonly string[]): Promise<readonly [number, readonly string[]]> {
      const { out, err, ...end } = await invoke(argv);
      assert(err === undefined, err ?? "");
      assert(out.endsWith("\n"), out);
      return [numberOf(end), out.slice(0, -1).split("\n")];
    },
    /** The exit number and the whole JSON object of a command line; its correlation id is checked and left out. */
    async json(...argv: readonly string[]): Promise<readonly [number, Record<string, unknown>]> {
      const { out, err, ...end } = await invoke([...argv, "--json"]);
      assert(err === undefined, err ?? "");
      assert(out.indexOf("\n") === out.length - 1, `not one line: ${out}`);
      const { correlation_id, ...said } = JSON.parse(out);
      const id = createHash("sha256").update(["gait", ...argv, "--json"].map((word) => word.trim()).join("\x1f")).digest("hex");
      assert(correlation_id === id.slice(0, 24), `correlation id ${correlation_id}`);
      return [numberOf(end), said];
    },
    /** The exit number of a command line, and all that it wrote to stdout and stderr. */
    async raw(...argv: readonly string[]): Promise<readonly [number, string, string]> {
      const { out, err = "", ...end } = await invoke(argv);
      return [numberOf(end), said.join("") + out, err];
    },
    /** The exit number of a command line that writes records, each record, and in how many pieces they came. */
    async records(...argv: readonly string[]): Promise<readonly [number, readonly Record<string, unknown>[], number]> {
      const { exit, out, err } = await invoke(argv);
      assert(err === undefined, err ?? "");
      const text = said.join("") + out;
      assert(text === "" || text.endsWith("\n"), text);
      return [EXIT[exit], text.split("\n").slice(0, -1).map((line) => JSON.parse(line)), said.length];
    },
    /** The text of a file. */
    file(path: string): string {
      const found = memory.disk.bytes(path);
      if (typeof found === "string") throw new Error(`${path}: ${found}`);
      return new TextDecoder().decode(found);
    },
  };
}

/** The members that every refusal with exit 6 has, its words and place aside. */
export const refusal = (fault: string, error: string, remedy: string, place: object = {}) => ({
  ok: false,
  error,
  error_code: "invalid_input",
  error_category: "invalid_input",
  fault,
  hint: "Mend the command line or the input that the message names, and run it again",
  remedy,
  retryable: false,
  ...place,
});

/** The key of the worked example of spec 01, section 13. */
export const PRIVATE_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
/** Its public half. */
export const PUBLIC_KEY = "ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
/** Its id. */
export const KEY_ID = "65b60673d6ed884bf01c2c222d82ada0740f29ac3355d6a925c81f17f47a27b8";

/** A run of two calls, one answered. */
export const RUN = JSON.stringify({
  run: { run_id: "run_small", created_at: "2026-03-01T10:00:00Z", env: { os: "o", arch: "a", runtime: "r" }, timeline: [] },
  intents: [
    { intent_id: "i1", tool_name: "mail.send", args: { to: "a@example.test" } },
    { intent_id: "i2", tool_name: "file.read", args: {} },
  ],
  results: [{ intent_id: "i1", status: "ok", result: { verdict: "allow", reason_codes: ["b", "a"] } }],
});
