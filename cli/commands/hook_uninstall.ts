// `gait hook uninstall`: takes gait's hooks out of the settings of a coding agent.
import { ok } from "../../core/base/result.ts";
import { clientOf, CLIENTS } from "../../core/hook/clients.ts";
import { lineDiff } from "../../core/hook/line_diff.ts";
import { uninstallHooks } from "../../core/hook/settings.ts";
import { command } from "../command.ts";
import {
  changeLines,
  CLIENT_POSITIONAL,
  earlierSettings,
  readSettings,
  SCOPE_FLAG,
  type SettingsChange,
  writeSettings,
} from "../hook_settings.ts";

export default command({
  path: ["hook", "uninstall"],
  summary: "Take the hooks of a coding agent out again",
  explain:
    "Takes gait's hooks out of the settings of a coding agent, keeps a copy of the settings and changes nothing else in them.",
  positionals: { ...CLIENT_POSITIONAL, min: 1, max: 1 },
  flags: { ...SCOPE_FLAG, "dry-run": { kind: "switch", doc: "Show what would change, and change nothing" } },
  examples: ["gait hook uninstall claude-code"],
  needs: ["files", "store", "clock", "machine"],
  async run({ positionals: [given = ""], scope, "dry-run": dry }, ports) {
    const client = clientOf(given);
    if (!client.ok) return client;
    const settings = await readSettings(client.value, scope, ports);
    if (!settings.ok) return settings;
    const { path, text } = settings.value;
    const edited = text === undefined
      ? ok({ text: "", changed: false })
      : uninstallHooks(text, path, client.value, await earlierSettings(client.value, path, ports));
    if (!edited.ok) return edited;
    const { changed } = edited.value;
    const written = changed && !dry;
    const backup = written ? await writeSettings(settings.value, edited.value, ports) : ok("");
    if (!backup.ok) return backup;
    const data: SettingsChange = {
      ok: true,
      client: client.value,
      scope,
      path,
      changed,
      written,
      backup: backup.value,
      diff: changed ? lineDiff(text ?? "", edited.value.text) : [],
      command: "",
      verified: CLIENTS[client.value].verified,
      notes: [],
    };
    return ok({ exit: "ok", data, always: ["changed", "written"] });
  },
  lines: (data: SettingsChange) => changeLines("uninstall", data),
});
