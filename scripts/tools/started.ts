// A program that serves until it is told to end, started for a while: where it listens, what it says, how it ends.

/** A program that runs. */
export interface Started {
  /** The `host:port` or socket that it said it listens on. */
  readonly address: string;
  readonly pid: number;
  /** Gives it a line, and the next one that it says. */
  ask(line: string): Promise<string>;
  /** Tells it to end, and gives its exit code once it has; what it said on stderr. */
  end(): Promise<{ readonly code: number; readonly err: string }>;
}

/** How it is started, and where it says that it listens. */
export type Start = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly says?: "stdout" | "stderr";
};

/** Starts a program and waits until it says `listening on` and where. */
export async function start(
  [program = "", ...args]: readonly string[],
  { cwd, env = {}, says = "stdout" }: Start,
): Promise<Started> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = linesOf(child[says]);
  const other = new Response(says === "stdout" ? child.stderr : child.stdout).text();
  const heard: string[] = [];
  const err = async (): Promise<string> => says === "stdout" ? await other : heard.join("\n");
  const input = child.stdin.getWriter();
  for (;;) {
    const line = await said.next();
    if (line === undefined) {
      const words = [`${program} ${args.join(" ")} ended with ${(await child.status).code}`, ...heard, await other];
      throw new Error(words.join("\n"));
    }
    heard.push(line);
    const address = /listening on ([^\s,]+)/.exec(line)?.[1];
    if (address === undefined) continue;
    return {
      address,
      pid: child.pid,
      async ask(question) {
        await input.write(new TextEncoder().encode(`${question}\n`));
        const answer = await said.next();
        if (answer === undefined) throw new Error(`${program} ended without an answer\n${await err()}`);
        return answer;
      },
      async end() {
        await input.close().catch(() => {}); // it may have ended by itself
        child.kill("SIGTERM");
        for (let line = await said.next(); line !== undefined; line = await said.next()) heard.push(line);
        return { code: (await child.status).code, err: await err() };
      },
    };
  }
}

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): { next(): Promise<string | undefined> } {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async next() {
      for (;;) {
        const end = text.indexOf("\n");
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return line;
        }
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += value;
      }
    },
  };
}
