// `gait policy fmt`: one way to write policies, which keeps what authors say beside it.
import { fromUtf8, sameBytes, utf8 } from "../../core/base/bytes.ts";
import type { Crypto } from "../../core/base/host.ts";
import { fail, ok, type Result } from "../../core/base/result.ts";
import { MAX_YAML_BYTES } from "../../core/base/yaml_text.ts";
import { policyDigest } from "../../core/gate/policy_digest.ts";
import { formatPolicy } from "../../core/gate/policy_fmt.ts";
import { printPolicy } from "../../core/gate/policy_print.ts";
import { readPolicy } from "../../core/gate/policy_read.ts";
import { command } from "../command.ts";
import { behindLink } from "../links.ts";
import { loadPolicy } from "../policy_file.ts";

type Formatted = {
  readonly ok: true;
  readonly path: string;
  readonly changed: boolean;
  readonly written: boolean;
  readonly policy_digest: string;
  readonly default_verdict: string;
  readonly rule_count: number;
  /** The text, unless it was to be written. */
  readonly formatted?: string;
};

// Nothing takes the place of a policy that is not read as the same one.
function replacement(crypto: Crypto, formatted: Uint8Array, path: string, digest: string): Result<Uint8Array> {
  if (formatted.length > MAX_YAML_BYTES) {
    const words = `expected at most ${MAX_YAML_BYTES} bytes, the formatted policy would hold ${formatted.length}`;
    return fail("yaml_too_large", `Cannot write "${path}": ${words}`, { file: path });
  }
  const again = readPolicy(formatted, path);
  if (!again.ok || policyDigest(crypto, again.value.policy) !== digest) throw new Error(`formatting would change "${path}"`);
  return ok(formatted);
}

export default command({
  path: ["policy", "fmt"],
  summary: "Format a policy",
  explain:
    "Prints a policy in one form, in block style with values normalized, sets sorted and comments kept, and with the same digest.",
  positionals: { name: "policy", doc: "Policy file, YAML or JSON", min: 1, max: 1, complete: "path" },
  flags: {
    write: { kind: "switch", doc: "Write it into the file, if it changes, and print what was done" },
    canonical: { kind: "switch", doc: "Spell out every field after normalization, and drop comments" },
  },
  examples: ["gait policy fmt .gait.yaml", "gait policy fmt --write .gait.yaml", "gait policy fmt .gait.yaml --canonical"],
  needs: ["files", "store", "host"],
  spared: ({ write }) => write ? [] : ["store"],
  async run({ positionals: [path = ""], write, canonical }, ports) {
    const { crypto } = ports.host;
    const loaded = await loadPolicy(path, ports.files);
    if (!loaded.ok) return loaded;
    const { policy, bytes } = loaded.value;
    const digest = policyDigest(crypto, policy);
    const formatted = utf8(canonical ? printPolicy(policy) : formatPolicy(loaded.value));
    const changed = !sameBytes(formatted, bytes);
    if (write && changed) {
      const made = replacement(crypto, formatted, path, digest);
      if (!made.ok) return made;
      const target = await behindLink(path, ports.files);
      if (!target.ok) return target;
      const done = await ports.store.write(target.value, made.value, "rewrite");
      if (!done.ok) return done;
    }
    const data: Formatted = {
      ok: true,
      path,
      changed,
      written: write && changed,
      policy_digest: digest,
      default_verdict: policy.default_verdict,
      rule_count: policy.rules.length,
      ...(write ? {} : { formatted: fromUtf8(formatted) }),
    };
    return ok({ exit: "ok", data });
  },
  lines: ({ path, written, formatted }: Formatted) => {
    if (formatted === undefined) return [`policy fmt ok: ${path} ${written ? "written" : "unchanged"}`];
    return formatted === "" ? [] : formatted.slice(0, -1).split("\n");
  },
});
