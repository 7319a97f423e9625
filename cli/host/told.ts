// Being told to end, by a terminal or a supervisor.

const WINDOWS = Deno.build.os === "windows";

/** What says so. */
export const ENDING: readonly Deno.Signal[] = WINDOWS ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** The same for a program before another one, which does not hear of it, nor that the terminal is gone. */
export const ENDING_BOTH: readonly Deno.Signal[] = WINDOWS ? ENDING : [...ENDING, "SIGHUP"];

/** The first of these signals that comes; from now on, and until then, none of them ends the program by itself. */
export const told = (signals: readonly Deno.Signal[]): Promise<Deno.Signal> =>
  new Promise((resolve) => {
    const listeners = signals.map((signal) => [signal, () => heard(signal)] as const);
    const heard = (signal: Deno.Signal): void => {
      for (const [name, listener] of listeners) Deno.removeSignalListener(name, listener);
      resolve(signal);
    };
    for (const [name, listener] of listeners) Deno.addSignalListener(name, listener);
  });
