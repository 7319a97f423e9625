// `gait hook install`: puts gait's hooks into the settings of a coding agent.
import { fail, ok, type Result } from "../../core/base/result.ts";
import { emptyKillSwitch, killSwitchBytes } from "../../core/gate/kill_switch_state.ts";
import { clientOf, CLIENTS, type HookClient } from "../../core/hook/clients.ts";
import { hookCommand } from "../../core/hook/command.ts";
import { lineDiff } from "../../core/hook/line_diff.ts";
import { findHooks } from "../../core/hook/find_hooks.ts";
import { installHooks } from "../../core/hook/settings.ts";
import type { Ports } from "../../core/ports.ts";
import { command, type Values } from "../command.ts";
import { HOOK_FLAGS } from "../hook_flags.ts";
import { HOOK_DIR } from "../hook_records.ts";
import {
  absolute,
  changeLines,
  CLIENT_POSITIONAL,
  readSettings,
  SCOPE_FLAG,
  type SettingsChange,
  writeSettings,
} from "../hook_settings.ts";
import { KILL_SWITCH_PATH } from "../kill_switch_file.ts";
import { loadPolicy } from "../policy_file.ts";

const FLAGS = {
  ...HOOK_FLAGS,
  ...SCOPE_FLAG,
  program: { kind: "text", doc: "How the agent is to start gait", default: "gait", value: "program" },
  "dry-run": { kind: "switch", doc: "Show what would change, and change nothing" },
  force: { kind: "switch", doc: "Install also for an agent whose formats nobody has confirmed" },
} as const;

export default command({
  path: ["hook", "install"],
  summary: "Have a coding agent ask before each tool call",
  explain:
    "Puts hooks into the settings of a coding agent, so that each of its tool calls is decided by the policy before it is made and recorded after it; keeps a copy of the settings and changes nothing else in them.",
  positionals: { ...CLIENT_POSITIONAL, min: 1, max: 1 },
  flags: FLAGS,
  examples: [
    "gait hook install claude-code --policy policy.yaml",
    "gait hook install codex --policy policy.yaml --scope user --dry-run",
  ],
  needs: ["files", "store", "clock", "machine", "host"],
  async run(values, ports, { version }) {
    const client = clientOf(values.positionals[0] ?? "");
    if (!client.ok) return client;
    const { verified, title } = CLIENTS[client.value];
    if (!verified && !values.force) {
      return fail(
        "hook_unverified",
        `Cannot install hooks for ${title}: its formats were not confirmed from its documentation`,
      );
    }
    const policy = await loadPolicy(values.policy, ports.files); // one that cannot be read would deny every call
    if (!policy.ok) return policy;
    const line = await lineOf(client.value, values, ports);
    if (!line.ok) return line;
    const settings = await readSettings(client.value, values.scope, ports);
    if (!settings.ok) return settings;
    const { path, text } = settings.value;
    const edited = installHooks(text, path, client.value, line.value.command);
    if (!edited.ok) return edited;
    const { changed } = edited.value;
    const found = findHooks(edited.value.text, path, client.value);
    if (!found.ok) return found;
    const written = changed && !values["dry-run"];
    if (written && line.value.kill_switch !== "") {
      const made = await killSwitchAt(line.value.kill_switch, version, ports);
      if (!made.ok) return made;
    }
    const backup = written ? await writeSettings(settings.value, edited.value, ports) : ok("");
    if (!backup.ok) return backup;
    const data: SettingsChange = {
      ok: true,
      client: client.value,
      scope: values.scope,
      path,
      changed,
      written,
      backup: backup.value,
      diff: lineDiff(text ?? "", edited.value.text),
      command: line.value.command,
      verified,
      notes: [...NOTES[client.value], ...found.value.notes],
    };
    return ok({ exit: "ok", data, always: ["changed", "written"] });
  },
  lines: (data: SettingsChange) => changeLines("install", data),
});

/** What the user of an agent has to know or do beside. */
const NOTES: Readonly<Record<HookClient, readonly string[]>> = {
  "claude-code": ["before version 2.1.295 a hook that runs out of time lets the call run"],
  codex: [
    "run /hooks in Codex and trust the new hooks; until then they are not run",
    "Codex lets a call run when its hook runs out of time, and what needs approval is denied",
  ],
  cursor: ["what needs approval is denied"],
  gemini: ["Gemini CLI lets a call run when its hook runs out of time, and what needs approval is denied"],
};

type Line = { readonly command: string; readonly kill_switch: string };

// Paths are written from the root: an agent runs its hooks in the folder in which it happens to be.
async function lineOf(
  client: HookClient,
  values: Values<typeof FLAGS>,
  { files, machine }: Pick<Ports, "files" | "machine">,
): Promise<Result<Line>> {
  const here = await files.real(".");
  if (!here.ok) return here;
  const from = (path: string | undefined): string => (path ?? "") === "" ? "" : absolute(path ?? "", here.value);
  const home = values.scope === "user" ? machine.home ?? here.value : here.value;
  const kill_switch = from(values["kill-switch-state"]) || (values.trip ? absolute(KILL_SWITCH_PATH, home) : "");
  const given: readonly (readonly [string, string])[] = [
    ["policy", from(values.policy)],
    ["profile", values.profile === "standard" ? "" : values.profile],
    ["key-mode", values["key-mode"] ?? ""],
    ["private-key", from(values["private-key"])],
    ["private-key-env", values["private-key-env"] ?? ""],
    ["kill-switch-state", kill_switch],
    ["job-root", from(values["job-root"])],
    ["dir", from(values.dir) || absolute(HOOK_DIR, home)],
    ["approvals", values.approvals === "ask" ? "" : values.approvals],
  ];
  const flags = [...given.filter(([, value]) => value !== ""), ...(values.trip ? [["trip", ""] as const] : [])];
  return ok({ command: hookCommand(values.program, client, flags), kill_switch });
}

// A state that is named and not there would deny every call.
async function killSwitchAt(
  path: string,
  producer_version: string,
  ports: Pick<Ports, "files" | "store" | "clock">,
): Promise<Result<void>> {
  if (await ports.files.kind(path) !== "none") return ok(undefined);
  const bytes = killSwitchBytes(emptyKillSwitch({ now: ports.clock.now(), producer_version }));
  const made = await ports.store.write(path, bytes, "create");
  return made.ok || made.fault.code === "file_exists" ? ok(undefined) : made;
}
