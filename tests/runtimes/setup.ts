// Gets the runtimes that the tests want and a machine may lack: workerd and a driver for Chromium from npm, in pinned versions
// under .cache/runtimes, and Debian's Chromium. Says what is there. `deno run -A tests/runtimes/setup.ts`
import { exists, ROOT } from "../../scripts/tools/run.ts";
import { run } from "./programs.ts";

const FOLDER = `${ROOT}.cache/runtimes`;
const PACKAGES = { "workerd": "1.20261117.1", "playwright-core": "1.65.1" } as const;
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const has = (name: keyof typeof PACKAGES): boolean => {
  const path = `${FOLDER}/node_modules/${name}/package.json`;
  return exists(path) && JSON.parse(Deno.readTextFileSync(path)).version === PACKAGES[name];
};

const ARCH = Deno.build.arch === "x86_64" ? "64" : "arm64";

/** The workerd program and its version on npm; undefined when it is not there. */
export function workerd(): { readonly program: string; readonly version: string } | undefined {
  const program = `${FOLDER}/node_modules/@cloudflare/workerd-${Deno.build.os}-${ARCH}/bin/workerd`;
  return has("workerd") && exists(program) ? { program, version: PACKAGES.workerd } : undefined;
}

/** The Chromium program and the folder whose packages drive it; a string says what is missing. */
export function chromium(): { readonly program: string; readonly packages: string } | string {
  const program = CHROMIUM.find(exists);
  if (program === undefined) return `none of ${CHROMIUM.join(", ")} is there`;
  return has("playwright-core") ? { program, packages: `${FOLDER}/` } : "playwright-core is not there";
}

async function install(what: string, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, out, err } = await run(program, args, env);
  if (code === 0) return;
  const lines = `${err}${out}`.trim().split("\n");
  console.log(`set-up: cannot install ${what}: ${lines.find((line) => /error|E:/.test(line)) ?? lines.at(-1)}`);
}

/** Installs what is missing, as far as this machine allows, and says in a line each what could not be. */
export async function setUp(): Promise<void> {
  const names = ["workerd", "playwright-core"] as const;
  if (workerd() === undefined || !names.every(has)) {
    await Deno.mkdir(FOLDER, { recursive: true });
    const wanted = names.map((name) => `${name}@${PACKAGES[name]}`);
    const options = ["--no-save", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix", FOLDER];
    await install(wanted.join(" "), "npm", ["install", ...options, ...wanted]);
  }
  if (!CHROMIUM.some(exists) && Deno.build.os === "linux" && Deno.uid() === 0) {
    const quiet = { DEBIAN_FRONTEND: "noninteractive" };
    await install("package lists", "apt-get", ["update", "-q"], quiet);
    const options = ["install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"];
    await install("chromium", "apt-get", [...options, "chromium"], quiet);
  }
}

if (import.meta.main) {
  await setUp();
  const found = { workerd: workerd()?.program ?? "missing", chromium: chromium() };
  for (const [name, there] of Object.entries(found)) {
    console.log(`${name}: ${typeof there === "string" ? there : there.program}`);
  }
}
