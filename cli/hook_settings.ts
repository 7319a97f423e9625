// The settings of coding agents on this machine: where they are, reading them, and putting changed ones in their place after a copy.
import { fromUtf8, sameBytes, utf8 } from "../core/base/bytes.ts";
import { cleanPath, isAbsolute } from "../core/base/paths.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { stampOf } from "../core/flow/boundary_names.ts";
import { CLIENTS, type HookClient, type HookScope } from "../core/hook/clients.ts";
import { findHooks } from "../core/hook/find_hooks.ts";
import type { Edited } from "../core/hook/settings.ts";
import type { Ports } from "../core/ports.ts";
import { HOOK_CLIENTS } from "../core/schema/hook.ts";
import { behindLink } from "./links.ts";

/** The positional that names an agent. */
export const CLIENT_POSITIONAL = { name: "client", doc: "The agent", values: HOOK_CLIENTS } as const;

/** The flag that says whose settings. */
export const SCOPE_FLAG = {
  scope: {
    kind: "choice",
    doc: "Settings of the project, or of its user everywhere",
    values: ["project", "user"],
    default: "project",
  },
} as const;

const MOST = 2 ** 20;

/** Settings as they are: the file that they are in, links followed; `text` is undefined where there is none. */
export type Settings = { readonly path: string; readonly text: string | undefined };

/** The path of an agent's settings. Fault `path_refused` where the user's home is not known. */
export function settingsPath(client: HookClient, scope: HookScope, { machine }: Pick<Ports, "machine">): Result<string> {
  const { settings } = CLIENTS[client];
  if (scope === "project") return ok(settings);
  return machine.home === undefined
    ? fail("path_refused", "Cannot find the settings of the user: no home folder is set")
    : ok(`${machine.home}/${settings}`);
}

/** Reads an agent's settings. Faults `path_refused`, `text_encoding`, `hook_settings` for a link to nothing, those of files. */
export async function readSettings(
  client: HookClient,
  scope: HookScope,
  ports: Pick<Ports, "files" | "machine">,
): Promise<Result<Settings>> {
  const named = settingsPath(client, scope, ports);
  if (!named.ok) return named;
  const bytes = await ports.files.read(named.value, MOST);
  if (!bytes.ok) {
    if (bytes.fault.code !== "file_missing") return bytes;
    return await ports.files.isLink(named.value) ? toNothing(named.value) : ok({ path: named.value, text: undefined });
  }
  const text = fromUtf8(bytes.value);
  if (!sameBytes(utf8(text), bytes.value)) {
    return fail("text_encoding", `Cannot read "${named.value}": it is not UTF-8`, { file: named.value });
  }
  const real = await behindLink(named.value, ports.files);
  return real.ok ? ok({ path: real.value, text }) : real;
}

// Where it leads nothing is made: that may be a folder of somebody else.
const toNothing = (path: string): Result<never> =>
  fail(
    "hook_settings",
    `Cannot read "${path}": it is a link to a file that is not there; make that file, holding {}, or remove the link`,
    { file: path },
  );

/** The text of an agent's settings from before gait's hooks were installed, from the last copy without them; undefined without one. */
export async function earlierSettings(
  client: HookClient,
  path: string,
  { files }: Pick<Ports, "files">,
): Promise<string | undefined> {
  const cut = path.lastIndexOf("/") + 1;
  const listed = await files.list(path.slice(0, cut) || ".");
  const copies = listed.ok ? listed.value.filter((name) => name.startsWith(backupOf(path.slice(cut)))) : [];
  for (const name of [...copies].reverse()) {
    const bytes = await files.read(path.slice(0, cut) + name, MOST);
    const text = bytes.ok ? fromUtf8(bytes.value) : "";
    const found = findHooks(text, name, client);
    if (found.ok && found.value.commands.length === 0) return text;
  }
  return undefined;
}

const backupOf = (path: string): string => `${path}.gait-backup-`;

/** Puts changed settings in their place; gives the path of the copy that was made before, empty where there was nothing to copy. */
export async function writeSettings(
  { path, text: before }: Settings,
  { text }: Edited,
  { store, clock }: Pick<Ports, "store" | "clock">,
): Promise<Result<string>> {
  if (before === undefined) {
    const made = await store.write(path, utf8(text), "create");
    return made.ok ? ok("") : made;
  }
  const backup = backupOf(path) + stampOf(clock.now());
  const copied = await store.write(backup, utf8(before), "create");
  if (!copied.ok) return copied;
  const written = await store.write(path, utf8(text), "rewrite");
  return written.ok ? ok(backup) : written;
}

/** A path from the root, wherever the agent will be; `folder` is where gait is. */
export const absolute = (path: string, folder: string): string =>
  isAbsolute(path) ? cleanPath(path) : cleanPath(`${folder}/${path}`);

/** What was done to the settings of an agent. */
export type SettingsChange = {
  readonly ok: true;
  readonly client: HookClient;
  readonly scope: HookScope;
  readonly path: string;
  readonly changed: boolean;
  readonly written: boolean;
  readonly backup: string;
  readonly diff: readonly string[];
  readonly command: string;
  readonly verified: boolean;
  readonly notes: readonly string[];
};

/** The lines about a change. */
export const changeLines = (verb: string, { client, scope, path, changed, written, backup, diff, notes }: SettingsChange) => [
  `hook ${verb}: ${client} ${scope} ${changed ? written ? "changed" : "would change" : "unchanged"}`,
  `settings: ${path}`,
  ...(backup === "" ? [] : [`backup: ${backup}`]),
  ...diff,
  ...notes.map((note) => `note: ${note}`),
];
