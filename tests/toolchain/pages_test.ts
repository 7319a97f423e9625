// The pages of docs/ lead somewhere: each link to a file of the project, and each file that the architecture is told by.
import { assert, assertEquals } from "../assert.ts";
import { linksOf } from "./guide.ts";

const ROOT = new URL("../../", import.meta.url);

const PAGES = ["README.md", ...[...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md")
);

const isThere = (url: URL): boolean => {
  try {
    Deno.statSync(url);
    return true;
  } catch {
    return false;
  }
};

Deno.test("pages: their links lead to files that are there", () => {
  const broken = PAGES.flatMap((path) =>
    linksOf(Deno.readTextFileSync(new URL(path, ROOT)))
      .filter((link) => !isThere(new URL(link, new URL(path, ROOT))))
      .map((link) => `${path}: ${link}`)
  );
  assertEquals(broken, []);
});

Deno.test("pages: the files that the architecture names are there", () => {
  const page = Deno.readTextFileSync(new URL("docs/architecture.md", ROOT));
  const named = [...page.matchAll(/`([a-z][\w./-]*\.ts)`/g)].map(([, path = ""]) => path);
  assert(named.length > 20);
  assertEquals(named.filter((path) => !isThere(new URL(path, ROOT))), []);
});
