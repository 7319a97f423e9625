// The corpus answered by a Worker in workerd, which listens on this machine alone and ends with the test.
import { ROOT } from "../../scripts/tools/run.ts";
import { type Answered, type Item, pieces } from "./corpus_file.ts";
import { bundle, inFolder } from "./programs.ts";
import { workerd } from "./setup.ts";

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], compatibilityDate = "2026-11-01");
`;
const PIECE = 4 * 2 ** 20;
const MOST_MILLISECONDS = 120_000;

/** Starts workerd on the bundle of `entry`, acts on its address, and ends it whatever happens. */
export const withWorker = <T>(entry: string, act: (address: string) => Promise<T>): Promise<T | string> =>
  serving(entry, async (folder) => await Deno.writeTextFile(`${folder}/config.capnp`, CONFIG), act);

const EXAMPLE = `${ROOT}examples/worker`;

/** The same for the Worker of the example, with the example's own configuration but for the port. */
export const withExample = <T>(act: (address: string) => Promise<T>): Promise<T | string> =>
  serving("wasm/gate_worker.ts", async (folder) => {
    for (const name of ["config.capnp", "policy.yaml"]) await Deno.copyFile(`${EXAMPLE}/${name}`, `${folder}/${name}`);
  }, act);

const serving = <T>(entry: string, fill: (folder: string) => Promise<void>, act: (address: string) => Promise<T>) =>
  inFolder(async (folder): Promise<T | string> => {
    const found = workerd();
    if (found === undefined) return "workerd is not there";
    await bundle(entry, "browser", `${folder}/worker.js`);
    await fill(folder);
    // Told by the control messages which port it got.
    const args = ["serve", "config.capnp", "--control-fd=1", "--socket-addr=http=127.0.0.1:0"];
    const child = new Deno.Command(found.program, { args, cwd: folder, stdin: "null", stdout: "piped", stderr: "inherit" })
      .spawn();
    try {
      return await act(`http://127.0.0.1:${await portOf(child.stdout)}`);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  });

async function portOf(stream: ReadableStream<Uint8Array>): Promise<number> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  for (let said = "";;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`workerd ended before it listened: ${said}`);
    said += value;
    const [, port] = /"event":"listen".*"port":(\d+)/.exec(said) ?? [];
    if (port === undefined) continue;
    await reader.cancel();
    return Number(port);
  }
}

/** All replies of a Worker. A string says why there are none. */
export async function inWorkerd(items: readonly Item[]): Promise<Answered | string> {
  const version = workerd()?.version ?? "";
  return await withWorker("tests/runtimes/on_worker.ts", async (address) => {
    let replies = "";
    for (const body of pieces(items, PIECE)) {
      const response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(MOST_MILLISECONDS) });
      const text = await response.text();
      if (!response.ok) throw new Error(`workerd answered ${response.status}: ${text}`);
      replies += text;
    }
    return { version, replies };
  });
}
