// A gate that runs a program (`gait mcp proxy --call -` or `gait gate eval --intent -`; spec 06, section 11.2): no shell, one JSON
// object, and an exit code that fits it.
import { utf8 } from "../base/bytes.ts";
import type { Crypto } from "../base/host.ts";
import type { Json, JsonObject } from "../base/json.ts";
import { jsonCopy } from "../base/json_copy.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { profileOf } from "../flow/gate_profile.ts";
import type { Profile } from "../schema/gate_words.ts";
import { type AlwaysThere, EXIT_CODES, oddAnswer, readAnswer } from "./answer.ts";
import { CALL, readCall } from "./call.ts";
import { DEFAULT_LIMIT_MS, type Timers, within } from "./limit.ts";
import type { Answer, Gate, GateCall } from "./types.ts";

/** How a program ended: its exit code, and all that it printed. */
export type Ended = { readonly code: number; readonly stdout: Uint8Array };

/** What running takes of the caller. `run` kills the program when the signal comes, and throws where it cannot start it. */
export type SubprocessHost<S, T> = Timers<S, T> & {
  readonly crypto: Crypto;
  readonly run: (argv: readonly string[], stdin: Uint8Array, signal: S) => Promise<Ended>;
};

/** Which program is run. */
export type SubprocessSettings = {
  /** The program and what comes before its command: `["gait"]`. */
  readonly gait: readonly string[];
  /** What decides: the boundary, or the gate alone, which knows no trust in servers and no jobs. The boundary unless told. */
  readonly command?: "mcp proxy" | "gate eval";
  /** The policy file. */
  readonly policy: string;
  /** Further flags, such as `--trace-out` and `--key-mode`. */
  readonly flags?: readonly string[];
  readonly profile?: Profile;
  /** How long it may take; 30 seconds unless told. */
  readonly limit_ms?: number;
};

/** Makes a gate of a program. */
export function subprocessGate<S, T>(host: SubprocessHost<S, T>, settings: SubprocessSettings): Gate {
  const { gait, command = "mcp proxy", policy, flags = [], limit_ms = DEFAULT_LIMIT_MS } = settings;
  const who = `"${[...gait, command].join(" ")}"`;
  const profile = profileOf(settings.profile); // here, so that what the program is told is what calls are read by
  return {
    async evaluate({ call, adapter = "", run_id = "" }: GateCall): Promise<Result<Answer>> {
      const copied = jsonCopy(call, CALL);
      if (!copied.ok) return copied;
      if (!profile.ok) return profile;
      const asked = command === "mcp proxy"
        ? ok({
          stdin: copied.value,
          own: ["--call", "-", ...flag("--adapter", adapter), ...flag("--run-id", run_id)],
        })
        : intentOf(copied.value, adapter, profile.value);
      if (!asked.ok) return asked;
      const argv = [
        ...gait,
        ...command.split(" "),
        ...asked.value.own,
        "--policy",
        policy,
        "--profile",
        profile.value,
        "--json",
        ...flags,
      ];
      const stdin = utf8(JSON.stringify(asked.value.stdin));
      return await within(
        host,
        limit_ms,
        who,
        async (signal) => counted(host.crypto, await host.run(argv, stdin, signal), who, ALWAYS[command]),
      );
    },
  };
}

const flag = (name: string, value: string): readonly string[] => value === "" ? [] : [`${name}=${value}`];

// The gate takes intents, so the call is read here as the boundary reads it.
function intentOf(
  call: Json,
  adapter: string,
  profile: Profile,
): Result<{ readonly stdin: JsonObject; readonly own: readonly string[] }> {
  const read = readCall(call, adapter, profile);
  return read.ok ? ok({ stdin: read.value.request, own: ["--intent", "-"] }) : read;
}

/** What each command always says (spec 05, section 2.2); its exit code stands beside the answer. */
const ALWAYS = { "mcp proxy": ["executed"], "gate eval": [] } as const;

// Exits by verdict, and those of errors that the program tells in JSON.
function counted(crypto: Crypto, { code, stdout }: Ended, who: string, always: readonly AlwaysThere[]): Result<Answer> {
  const answer = readAnswer(crypto, stdout, who, always);
  if (answer.ok) {
    const { verdict } = answer.value;
    return code === EXIT_CODES[verdict]
      ? answer
      : oddAnswer(who, `it ended with ${code}, which is not that of verdict ${verdict}`);
  }
  if (answer.fault.code === "gate_refused" || Object.values(EXIT_CODES).includes(code)) return answer;
  return fail("gate_unavailable", `Cannot have the call decided: ${who} ended with ${code} and printed no answer`);
}
