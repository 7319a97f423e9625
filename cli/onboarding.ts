// What `init` and `check` share: what is detected in the working folder, and how both tell it.
import { CONTRACT } from "../core/gate/contract_paths.ts";
import { detect, type Detection, type Sighting } from "../core/gate/detect.ts";
import { type Signals, signalsOf } from "../core/gate/signals.ts";
import type { Files } from "../core/ports.ts";
import { SOURCE_LIMITS, sourceFiles } from "./source_files.ts";

/** What is known of the working folder. */
export type Folder = { readonly detection: Detection; readonly signals: Signals; readonly warnings: readonly string[] };

/** Looks at the working folder. */
export async function lookAround(files: Files): Promise<Folder> {
  const { files: sources, warnings } = await sourceFiles(files);
  const detection = detect(sources);
  return { detection, signals: signalsOf(detection), warnings };
}

/** What both print of a detection: names alone, and only the lists that have some. */
export function detectionJson({ frameworks, tools }: Detection): Readonly<Record<string, readonly string[]>> {
  const names = (all: readonly Sighting[]) => all.map(({ name }) => name);
  return {
    ...(frameworks.length === 0 ? {} : { frameworks: names(frameworks) }),
    ...(tools.length === 0 ? {} : { tool_names: names(tools) }),
  };
}

/** Members of every error of both, and those of them that are empty. */
export const REFUSAL = { contract: CONTRACT, detection: {} } as const;
export const REFUSAL_ALWAYS: readonly string[] = ["detection"];

/** How both detect, as the end of a sentence. */
export const HOW = `imports, manifests, settings of clients and declarations of tools in its files (at most ${
  [`${SOURCE_LIMITS.depth} folders deep`, `${SOURCE_LIMITS.names} names`, `${SOURCE_LIMITS.files} files`].join(", ")
})`;
