// What GNU bash itself runs for a command: its PATH holds recorders in the place of programs, and wrappers that really run what they
// are given.
import { cleanPath } from "../../core/base/paths.ts";

const RECORDED = ["alpha", "beta", "gamma", "delta", "rm", "curl", "git"];
const REAL = [
  "env",
  "nice",
  "nohup",
  "timeout",
  "stdbuf",
  "setsid",
  "xargs",
  "find",
  "bash",
  "sh",
  "mkdir",
  "cat",
  "true",
  "echo",
];

/** A program that was run, and its arguments. */
export type Ran = { readonly program: string; readonly args: readonly string[] };

/** What bash did: what it ran, and the files that were there afterwards, by names relative to its folder. */
export type BashRun = { readonly ran: readonly Ran[]; readonly files: readonly string[] };

const RECORDER = `#!/bin/bash\nlog=$(/usr/bin/mktemp "$GAIT_LOG/XXXXXXXX")\nprintf '%s\\0' "\${0##*/}" "$@" > "$log"\n`;

// What bash starts and does not wait for.
const BESIDE = /[<>]\(|&(?!&)|coproc/;

// Options and variables first, then the program.
const SUDO = `while [ $# -gt 0 ]; do
  case "$1" in -u|-nu) shift 2 ;; -*) shift ;; *=*) export "$1"; shift ;; *) break ;; esac
done
exec "$@"
`;

async function which(name: string): Promise<string> {
  for (const folder of ["/usr/bin", "/bin"]) {
    try {
      return await Deno.realPath(`${folder}/${name}`);
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
    }
  }
  return "";
}

/** Runs commands by bash, each in a folder of its own. */
export async function bashWorld() {
  const root = await Deno.makeTempDir({ prefix: "gait-shell-" });
  const bin = `${root}/bin`;
  await Deno.mkdir(bin);
  for (const name of [...RECORDED, "sudo"]) {
    await Deno.writeTextFile(`${bin}/${name}`, RECORDER + (name === "sudo" ? SUDO : ""), { mode: 0o755 });
  }
  for (const name of REAL) {
    const path = await which(name);
    if (path !== "") await Deno.symlink(path, `${bin}/${name}`);
  }
  let count = 0;
  return {
    /** What bash does with a text; `cwd` is the folder that it was in. */
    async run(text: string): Promise<BashRun & { readonly cwd: string }> {
      const cwd = `${root}/${++count}`;
      const log = `${cwd}/log`;
      await Deno.mkdir(`${cwd}/w`, { recursive: true });
      await Deno.mkdir(log);
      await Deno.writeTextFile(`${cwd}/w/alpha`, RECORDER, { mode: 0o755 });
      const process = new Deno.Command("/usr/bin/timeout", {
        args: ["-k", "1", "10", "/bin/bash", "-c", text],
        cwd: `${cwd}/w`,
        clearEnv: true,
        env: { PATH: bin, HOME: `${cwd}/home`, GAIT_LOG: log },
        stdin: "null",
        stdout: "null",
        stderr: "null",
      });
      await process.output();
      if (BESIDE.test(text)) await new Promise((resolve) => setTimeout(resolve, 50));
      const ran: Ran[] = [];
      for (const { name } of Deno.readDirSync(log)) {
        const [program = "", ...args] = (await Deno.readTextFile(`${log}/${name}`)).split("\0").slice(0, -1);
        if (program !== "") ran.push({ program, args });
      }
      const files = [...Deno.readDirSync(`${cwd}/w`)].filter(({ name, isFile }) => isFile && name !== "alpha").map(({ name }) =>
        cleanPath(name)
      );
      return { ran, files, cwd: `${cwd}/w` };
    },
    close: () => Deno.remove(root, { recursive: true }),
  };
}
