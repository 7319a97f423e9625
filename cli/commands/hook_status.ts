// `gait hook status`: for which coding agents hooks are installed, and whether their formats were confirmed.
import { ok, type Result } from "../../core/base/result.ts";
import { clientOf, CLIENTS, type HookClient, type HookScope } from "../../core/hook/clients.ts";
import { findHooks, type HooksFound } from "../../core/hook/find_hooks.ts";
import type { Ports } from "../../core/ports.ts";
import { HOOK_CLIENTS } from "../../core/schema/hook.ts";
import { command } from "../command.ts";
import { CLIENT_POSITIONAL, readSettings, settingsPath } from "../hook_settings.ts";

type Standing = {
  readonly client: HookClient;
  readonly scope: HookScope;
  readonly path: string;
  /** `partly` where some hooks are there and in force, and others are not. */
  readonly status: "installed" | "partly" | "absent" | "unreadable";
  readonly format: "verified" | "unverified";
  readonly documentation: readonly string[];
  readonly events: readonly string[];
  readonly commands: readonly string[];
  /** Why the settings could not be read, or hooks in them are not in force. */
  readonly message: string;
};

type Status = { readonly ok: true; readonly clients: readonly Standing[] };

const SCOPES = ["project", "user"] as const;

async function standing(client: HookClient, scope: HookScope, ports: Pick<Ports, "files" | "machine">): Promise<Standing> {
  const { installed, verified, documentation, settings: name } = CLIENTS[client];
  const named = settingsPath(client, scope, ports);
  const settings = await readSettings(client, scope, ports);
  const found: Result<HooksFound> = !settings.ok
    ? settings
    : settings.value.text === undefined
    ? ok({ events: [], commands: [], notes: [] })
    : findHooks(settings.value.text, settings.value.path, client);
  const about = {
    client,
    scope,
    path: named.ok ? named.value : name,
    format: verified ? "verified" : "unverified",
    documentation,
  } as const;
  if (!found.ok) return { ...about, status: "unreadable", events: [], commands: [], message: found.fault.message };
  const { events, commands, notes } = found.value;
  const whole = installed.every((event) => events.includes(event));
  const status = commands.length === 0 ? "absent" : whole ? "installed" : "partly";
  return { ...about, events, commands, status, message: notes.join("; ") };
}

export default command({
  path: ["hook", "status"],
  summary: "Show what is installed for coding agents",
  explain:
    "Shows for which coding agents gait's hooks are installed, where, and whether the formats of the agent were confirmed.",
  positionals: { ...CLIENT_POSITIONAL, min: 0, max: 1 },
  flags: {},
  examples: ["gait hook status", "gait hook status codex --json"],
  needs: ["files", "machine"],
  async run({ positionals: [given] }, ports) {
    const only = given === undefined ? undefined : clientOf(given);
    if (only?.ok === false) return only;
    const clients: Standing[] = [];
    for (const client of HOOK_CLIENTS) {
      if (only !== undefined && only.value !== client) continue;
      for (const scope of SCOPES) clients.push(await standing(client, scope, ports));
    }
    return ok({ exit: "ok", data: { ok: true, clients } });
  },
  lines: ({ clients }: Status) =>
    clients.flatMap(({ client, scope, path, status, format, message }) => [
      `${client} ${scope}: ${status} (format ${format}) ${path}`,
      ...(message === "" ? [] : [`  ${message}`]),
    ]),
});
