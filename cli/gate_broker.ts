// The credential broker that was asked for (spec 03, sections 6.1 and 6.3). A program gets the request on its standard input, runs
// without a shell and without the variables that hold keys, has five seconds, and what it prints is shown to nobody: why there is no
// credential is told in words of ours.
import { canonicalBytes } from "../core/base/canonical.ts";
import { fromUtf8 } from "../core/base/bytes.ts";
import { cleanPath } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { lower, trim } from "../core/base/text.ts";
import type { BrokerAnswer } from "../core/authority/broker_answer.ts";
import type { Asked } from "../core/authority/broker_request.ts";
import type { Ports } from "../core/ports.ts";
import { type Chosen, wrongValue } from "./chosen.ts";

/** The broker and how it is used. */
export type BrokerSettings = {
  readonly name: Chosen;
  readonly prefix: string;
  readonly reference: string;
  readonly scopes: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that hold keys of gait. */
  readonly secrets: readonly string[];
};

/** A kind of broker. */
export type BrokerKind = "off" | typeof KINDS[number];

type BrokerPorts = Pick<Ports, "env" | "child" | "host" | "clock">;

const ALLOWED = "GAIT_CREDENTIAL_COMMAND_ALLOWLIST";
const KINDS = ["stub", "env", "command"] as const;

function brokerKind(given: Chosen): Result<BrokerKind> {
  const word = lower(trim(given.text));
  if (["", "off", "none"].includes(word)) return ok("off");
  const kind = KINDS.find((one) => one === word);
  return kind === undefined ? wrongValue(given, "one of off, stub, env, command") : ok(kind);
}

/**
 * The kind of broker that was asked for. Faults: those of `wrongValue` for a word that names none, `flag_value` for a program that the
 * list of allowed ones does not hold, `missing_argument` where a program is wanted and none is named.
 */
export function gateBroker(settings: BrokerSettings, { env }: Pick<Ports, "env">): Result<BrokerKind> {
  const { command } = settings;
  const kind = brokerKind(settings.name);
  if (!kind.ok || kind.value !== "command") return kind;
  if (command === "") return fail("missing_argument", "Cannot use credential broker command: expected --credential-command");
  const allowed = (env.get(ALLOWED) ?? "").split(",").map(trim).filter((entry) => entry !== "").map(cleanPath);
  const path = cleanPath(command);
  return allowed.length === 0 || allowed.includes(path) || allowed.includes(path.slice(path.lastIndexOf("/") + 1))
    ? kind
    : fail("flag_value", `Cannot run credential command "${command}": ${ALLOWED} does not name it`);
}

const TIME = 5_000;
const GRACE = 200;

/** Asks the broker; a text says why it issues nothing that can be used. */
export async function askBroker(
  kind: BrokerKind,
  settings: BrokerSettings,
  asked: Asked,
  ports: BrokerPorts,
): Promise<BrokerAnswer | string> {
  const { crypto } = ports.host;
  switch (kind) {
    case "off":
      return "there is none";
    case "stub":
      return (await import("../core/authority/broker_local.ts")).stubAnswer(crypto, asked, ports.clock.now());
    case "env":
      return (await import("../core/authority/broker_local.ts")).envAnswer(crypto, asked, settings.prefix, ports.env.get);
    case "command":
      return await askProgram(settings, asked, ports);
    default:
      return never(kind);
  }
}

async function askProgram(
  { command, args, secrets }: BrokerSettings,
  asked: Asked,
  { child }: BrokerPorts,
): Promise<BrokerAnswer | string> {
  if (/\s/.test(command)) return "its command holds a blank, and no shell would take that apart";
  const { OUTPUT_LIMIT, outputAnswer } = await import("../core/authority/broker_output.ts");
  const ended = await child.run([command, ...args], {
    folder: ".",
    variables: {},
    hidden: secrets,
    input: canonicalBytes({ ...asked.request, Scope: [...asked.request.Scope] }),
    milliseconds: TIME,
    grace: GRACE,
    bytes: OUTPUT_LIMIT + 1,
  });
  if (!ended.ok) return "its command could not be started";
  const { code, timedOut, whole, output, errors } = ended.value;
  if (timedOut) return `it took longer than ${TIME / 1000} seconds`;
  if (code !== 0) return code < 0 ? "a signal ended it" : `it ended with exit code ${code}`;
  if (!whole || output.length + errors.length > OUTPUT_LIMIT) return `it printed more than ${OUTPUT_LIMIT} bytes`;
  // What it says on its standard error counts too: an answer that is mixed with complaints is none.
  return trim(fromUtf8(errors)) === "" ? outputAnswer(output, asked) : "it wrote to its standard error";
}

const never = (kind: never): never => {
  throw new Error(`unknown kind of broker: ${JSON.stringify(kind)}`);
};
