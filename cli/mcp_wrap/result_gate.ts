// What is held against the results of a server: rules, read anew for each result, so that an edit counts at once and rules that cannot be
// read let nothing through; and the policy, for the tools that it can never allow.
import { located, ok, type Result } from "../../core/base/result.ts";
import { MAX_YAML_BYTES } from "../../core/base/yaml_text.ts";
import { type ResultRules, resultRulesFrom } from "../../core/flow/result_rules.ts";
import type { CompiledPolicy } from "../../core/gate/compile.ts";
import { policySource, remembering } from "../boundary_sources.ts";
import { yamlSource } from "../yaml_source.ts";
import type { WrapPorts } from "./ports.ts";
import type { WrapSettings } from "./settings.ts";

/** What is held against results. One serves all sessions. */
export interface ResultGate {
  /** Whether the rules can be read. Faults of files and YAML, `result_rules_shape`. */
  ready(): Promise<Result<void>>;
  /** The rules as they are now. Faults as of `ready`. */
  rules(): Promise<Result<ResultRules>>;
  /** Which tools are not to be offered now. */
  hides(): Promise<(tool: string) => boolean>;
}

/** What these settings hold against results. */
export function resultGate({ result_rules: path, boundary }: WrapSettings, ports: WrapPorts): ResultGate {
  const made = remembering(async (bytes, file): Promise<Result<ResultRules>> => {
    const source = await yamlSource(bytes, `result rules "${file}"`);
    const rules = source.ok ? resultRulesFrom(source.value, file) : source;
    return rules.ok ? rules : { ok: false, fault: located(rules.fault, { file }) };
  });
  const policy = policySource(boundary.policy, boundary.profile, ports);
  let known: { readonly compiled: CompiledPolicy; readonly hidden: Map<string, boolean> } | undefined;
  const rules = async (): Promise<Result<ResultRules>> => {
    const bytes = await ports.files.read(path, MAX_YAML_BYTES);
    return bytes.ok ? await made(bytes.value, path) : bytes;
  };
  return {
    rules,
    async ready() {
      if (path === "") return ok(undefined);
      const found = await rules();
      return found.ok ? ok(undefined) : found;
    },
    async hides() {
      const found = await policy();
      // Its calls do not leave either way; a client that keeps lists must not be left without tools once the policy is back.
      if (!found.ok) return () => false;
      const { canAllow } = await import("../../core/gate/can_allow.ts");
      const { compiled } = found.value;
      const { hidden } = known?.compiled === compiled ? known : known = { compiled, hidden: new Map() };
      return (tool) => {
        const answer = hidden.get(tool) ?? !canAllow(compiled, tool);
        if (hidden.size < MOST_KNOWN) hidden.set(tool, answer);
        return answer;
      };
    },
  };
}

const MOST_KNOWN = 10_000;
