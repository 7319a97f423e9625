// Completion scripts, one dialect a shell, all from the same command data.
import type { About } from "./command.ts";
import { bash } from "./complete/bash.ts";
import { fish } from "./complete/fish.ts";
import { nodes } from "./complete/nodes.ts";
import { powershell } from "./complete/powershell.ts";
import { zsh } from "./complete/zsh.ts";

const DIALECTS = { bash, zsh, fish, powershell } as const;

/** A shell that gait can complete in. */
export type Shell = keyof typeof DIALECTS;

/** Their names, as `gait completion` takes them. */
export const SHELLS: readonly string[] = Object.keys(DIALECTS);

/** Whether a name is one of them. */
export const isShell = (name: string): name is Shell => Object.hasOwn(DIALECTS, name);

/** The script for one shell, line by line. */
export const script = (shell: Shell, commands: readonly About[]): readonly string[] => DIALECTS[shell](nodes(commands));
