// Running other programs from the project's scripts.

/** The root of the project, with a slash at its end. */
export const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** What a program said and how it ended. */
export type Done = { readonly code: number; readonly out: string; readonly err: string };

/** How to run a program: its folder, environment variables to set or (undefined) to take away, and what ends it early. */
export type How = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
};

const command = ([program, ...args]: readonly string[], { cwd = ROOT, env = {}, signal }: How, stdio: "piped" | "inherit") => {
  const merged = Object.entries({ ...Deno.env.toObject(), ...env }).filter((pair): pair is [string, string] =>
    pair[1] !== undefined
  );
  return new Deno.Command(program ?? "", {
    args,
    cwd,
    env: Object.fromEntries(merged),
    clearEnv: true,
    stdin: "null",
    stdout: stdio,
    stderr: stdio,
    ...(signal === undefined ? {} : { signal }),
  });
};

/** Runs a program to its end and keeps what it says. Code 127 when it cannot be started. */
export async function capture(argv: readonly string[], how: How = {}): Promise<Done> {
  try {
    const { code, stdout, stderr } = await command(argv, how, "piped").output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } catch (error) {
    return { code: 127, out: "", err: `cannot start ${argv[0]}: ${error instanceof Error ? error.message : error}` };
  }
}

/** Runs a program to its end with its output on ours; gives its exit code, 127 when it cannot be started. */
export async function show(argv: readonly string[], how: How = {}): Promise<number> {
  try {
    return (await command(argv, how, "inherit").spawn().status).code;
  } catch (error) {
    console.error(`cannot start ${argv[0]}: ${error instanceof Error ? error.message : error}`);
    return 127;
  }
}

/** Whether there is a file or folder at this path. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Ends the script with a message on stderr. */
export function die(message: string): never {
  console.error(message);
  Deno.exit(1);
}
