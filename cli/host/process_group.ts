// Signals to a program that was started in a group of its own, and to all that it started.

/** Signals a group by its leader. Where nobody is left, or all belong to another user by now, nothing happens. */
export function signalGroup(leader: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-leader, signal);
  } catch (thrown) {
    // Such an error has no name of the system, only a class.
    if (!(thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.PermissionDenied)) throw thrown;
  }
}
