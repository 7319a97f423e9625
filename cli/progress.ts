// How far a long action is, on stderr: nothing in its first second, then one line that overwrites itself on a terminal, and
// a plain line now and then elsewhere.
import { safeLine } from "../core/base/safe_text.ts";
import type { Ports } from "../core/ports.ts";

/** What the line needs: where to write, whether that is a terminal, and milliseconds that only grow. */
export type Stream = { readonly terminal: boolean; write(text: string): void; milliseconds(): number };

const PATIENCE = 1000;
const PAUSE = { terminal: 100, plain: 5000 } as const;

/** The progress port, and `end` to clear the line before the answer is written. */
export function progressLine({ terminal, write, milliseconds }: Stream): Ports["progress"] & { end(): void } {
  const begun = milliseconds();
  let last: number | undefined;
  return {
    report(text, done, total) {
      const now = milliseconds();
      if (now - begun <= PATIENCE || (last !== undefined && now - last < (terminal ? PAUSE.terminal : PAUSE.plain))) return;
      last = now;
      const share = total > 0 ? ` ${Math.min(100, Math.floor(100 * done / total))} %` : "";
      write(terminal ? `\r${safeLine(text)}${share}\x1b[K` : `${safeLine(text)}${share}\n`);
    },
    end() {
      if (terminal && last !== undefined) write("\r\x1b[K");
    },
  };
}
