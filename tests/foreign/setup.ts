// Gets what other makers verify and read our exports with: packages of npm and PyPI in pinned versions under .cache/foreign. Says what is
// there. `deno run -A tests/foreign/setup.ts`
import { exists, ROOT } from "../../scripts/tools/run.ts";
import { run } from "../runtimes/programs.ts";

const FOLDER = `${ROOT}.cache/foreign`;

const NPM = {
  "@sigstore/verify": "4.1.3",
  "@sigstore/bundle": "5.0.1",
  "@opentelemetry/otlp-transformer": "0.223.1",
} as const;

const PYPI = {
  "securesystemslib": "1.6.0",
  "cryptography": "50.0.2",
  "in-toto-attestation": "0.9.3",
  "opentelemetry-proto": "1.45.2",
} as const;

const PYTHON = `${FOLDER}/python/bin/python`;

const hasNpm = (name: string, version: string): boolean => {
  const path = `${FOLDER}/node_modules/${name}/package.json`;
  return exists(path) && JSON.parse(Deno.readTextFileSync(path)).version === version;
};

/** The folder whose packages of npm can be required; undefined when they are not there. */
export const npmFolder = (): string | undefined =>
  Object.entries(NPM).every(([name, version]) => hasNpm(name, version)) ? `${FOLDER}/` : undefined;

/** The Python that has the packages of PyPI; undefined when there is none. */
export const python = (): string | undefined => exists(PYTHON) && exists(`${FOLDER}/python/ready`) ? PYTHON : undefined;

async function install(what: string, steps: readonly (readonly [program: string, ...args: string[]])[]): Promise<boolean> {
  for (const [program, ...args] of steps) {
    const { code, out, err } = await run(program, args);
    if (code === 0) continue;
    console.log(`set-up: cannot install ${what}: ${`${err}${out}`.trim().split("\n").at(-1)}`);
    return false;
  }
  return true;
}

/** Installs what is missing, as far as this machine allows, and says in a line each what could not be. */
export async function setUp(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  if (npmFolder() === undefined) {
    const wanted = Object.entries(NPM).map(([name, version]) => `${name}@${version}`);
    const options = ["--no-save", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix", FOLDER];
    await install(wanted.join(" "), [["npm", "install", ...options, ...wanted]]);
  }
  if (python() === undefined) {
    const wanted = Object.entries(PYPI).map(([name, version]) => `${name}==${version}`);
    const pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", ...wanted] as const;
    const done = await install(wanted.join(" "), [["python3", "-m", "venv", `${FOLDER}/python`], [...pip]]);
    if (done) await Deno.writeTextFile(`${FOLDER}/python/ready`, `${wanted.join("\n")}\n`);
  }
}

if (import.meta.main) {
  await setUp();
  console.log(`npm packages: ${npmFolder() ?? "missing"}\nPyPI packages: ${python() ?? "missing"}`);
}
