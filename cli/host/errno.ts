// What the operating system said, by its stable name. A runtime's own words never get through: they differ between versions.

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission is refused",
  EADDRINUSE: "the place is taken",
  EISDIR: "it is a folder",
  ELOOP: "a link there leads nowhere, or back to itself",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  ENOTSOCK: "what stands there is no socket",
  EPERM: "permission is refused",
  EROFS: "the file system is read-only",
  ESPIPE: "it is not a plain file",
};

/** The name of a system error (`ENOSPC`) that a primitive of the runtime threw. Anything else is a bug and is thrown on. */
export function errnoOf(thrown: unknown): string {
  if (thrown instanceof Error) {
    if (thrown.name === "NotCapable") return "EACCES"; // the runtime was started without the permission
    const code: unknown = Reflect.get(thrown, "code");
    if (typeof code === "string" && /^E[A-Z0-9]+$/.test(code)) return code;
  }
  throw thrown;
}

/** The name with plain words before it, where there are any. */
export const inWords = (errno: string): string => WORDS[errno] === undefined ? errno : `${WORDS[errno]} (${errno})`;

/**
 * Makes a call whose error is an answer, such as looking for a file that may not be there: without the trace of calls that the error
 * would bear, which takes the engine many times as long as the call.
 */
export function asked<T>(call: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
