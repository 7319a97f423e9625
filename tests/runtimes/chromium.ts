// The corpus answered by a page in headless Chromium. Page and corpus come from a server on this machine alone.
import { createRequire } from "node:module";
import { type Answered, type Item, pieces } from "./corpus_file.ts";
import { bundle, inFolder } from "./programs.ts";
import { chromium } from "./setup.ts";

// What is used of playwright-core, which is no dependency of the project.
type Page = {
  goto(address: string): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
  on(event: "pageerror" | "crash", see: (error: unknown) => void): void;
};
type Browser = { version(): string; newPage(): Promise<Page>; close(): Promise<void> };
type Driver = {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<Browser>;
  };
};

// A fresh profile in a temporary folder is the driver's default.
const FLAGS = [
  "--no-sandbox", // root has none
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
];
const MOST_MILLISECONDS = 120_000;
const PIECE = 4 * 2 ** 20;
const PAGE = '<!doctype html><meta charset="utf-8"><title>runtimes</title><script type="module" src="/script.js"></script>';

const answer = (body: BodyInit, type: string): Response => new Response(body, { headers: { "content-type": type } });

/** All replies of a page. A string says why there are none. */
export const inChromium = (items: readonly Item[]): Promise<Answered | string> =>
  inFolder(async (folder) => {
    const found = chromium();
    if (typeof found === "string") return found;
    const driver: Driver = createRequire(found.packages)("playwright-core");
    await bundle("tests/runtimes/on_browser.ts", "browser", `${folder}/script.js`);
    const script = await Deno.readTextFile(`${folder}/script.js`);
    const all = pieces(items, PIECE);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }) => {
      const { pathname } = new URL(url);
      if (pathname === "/script.js") return answer(script, "text/javascript");
      const piece = all[Number(/^\/piece\/(\d+)$/.exec(pathname)?.[1] ?? NaN)];
      return piece === undefined ? answer(PAGE, "text/html") : answer(piece, "application/octet-stream");
    });
    let browser: Browser | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      browser = await driver.chromium.launch({ executablePath: found.program, args: FLAGS });
      const page = await browser.newPage();
      const failed = new Promise<never>((_, reject) => {
        page.on("pageerror", reject);
        page.on("crash", () => reject(new Error("the page crashed")));
        timer = setTimeout(() => reject(new Error("the page takes too long")), MOST_MILLISECONDS);
      });
      const replies = await Promise.race([failed, replyOf(page, `http://127.0.0.1:${server.addr.port}`, all.length)]);
      return { version: browser.version(), replies };
    } finally {
      clearTimeout(timer);
      await browser?.close();
      await server.shutdown();
    }
  });

async function replyOf(page: Page, address: string, count: number): Promise<string> {
  await page.goto(address);
  let replies = "";
  for (let i = 0; i < count; i++) replies += await page.evaluate(`answer("/piece/${i}")`);
  return replies;
}
