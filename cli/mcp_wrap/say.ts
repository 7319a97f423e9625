// What a gate tells those who run it: lines on standard error.
import { safeLine } from "../../core/base/safe_text.ts";
import type { WrapPorts } from "./ports.ts";

/** Says it under the name of the command, whatever is in the words. */
export const say = (words: string, { log }: Pick<WrapPorts, "log">): void => log.line(safeLine(`gait mcp wrap: ${words}`));
