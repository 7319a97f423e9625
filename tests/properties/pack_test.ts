// What a pack promises: it verifies as built, the same input gives the same bytes, and no change of it goes unseen.
import fc from "fast-check";
import { utf8 } from "../../core/base/bytes.ts";
import { canonicalText } from "../../core/base/canonical.ts";
import type { Source } from "../../core/base/host.ts";
import type { Json, JsonObject } from "../../core/base/json.ts";
import { bytesSource } from "../../core/base/zip_read.ts";
import { writeZip, type ZipFile } from "../../core/base/zip_write.ts";
import { inspectPack } from "../../core/flow/pack_inspect.ts";
import { bindEvidence, readBundle } from "../../core/pack/authorization.ts";
import { buildPack } from "../../core/pack/build.ts";
import { unsafeName } from "../../core/base/zip_names.ts";
import { cleanPath } from "../../core/base/paths.ts";
import { nodeHost } from "../../host/node.ts";
import { assert, assertEquals, assertOk } from "../assert.ts";
import { entriesOf, KEY, repacked, runPack, STRICT, textOf, verify } from "../pack/packs.ts";
import { object } from "../run/packs.ts";
import { arbitraryRun } from "../run/runs.ts";
import { property } from "./run.ts";

const MANIFEST = "pack_manifest.json";

const name = fc.stringMatching(/^[a-z]{1,4}$/);
const evidence = fc.array(
  fc.record({
    folder: fc.constantFrom("", "ev/", "./a//"),
    name,
    json: fc.boolean(),
    value: fc.jsonValue({ maxDepth: 2 }),
  }),
  { minLength: 1, maxLength: 6 },
);
const LINKS = ["trace", "outcome", "approval_audit", "credential_evidence", "delegation_audit", "context_evidence"];

/** An arbitrary decision with its evidence, as `pack build` reads it. */
async function decision(pieces: typeof evidence extends fc.Arbitrary<infer T> ? T : never, sign: boolean): Promise<Uint8Array> {
  const files = new Map<string, Source>();
  const links: Record<string, string> = {};
  for (const [i, { folder, name, json, value }] of pieces.entries()) {
    const path = `${folder}${name}.${json ? "json" : "txt"}`;
    links[`${LINKS[i]}_path`] = path;
    const text = JSON.stringify(value).replaceAll(/\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g, "?");
    if (!files.has(cleanPath(path))) files.set(cleanPath(path), bytesSource(utf8(text)));
  }
  const digests = { policy_digest: "1".repeat(64), intent_digest: "2".repeat(64) };
  const bundle = assertOk(readBundle(utf8(JSON.stringify({ trace_id: "t1", ...digests, ...links })), "b.json", "1.2.3"));
  const bound = assertOk(await bindEvidence(nodeHost.crypto, bundle, files, "b.json"));
  const parts = { pack_type: "authorization", source_ref: "t1", producer_version: "1.2.3", files: bound.files } as const;
  return assertOk(await buildPack(nodeHost.crypto, parts, sign ? KEY : undefined)).bytes;
}

const packs = fc.oneof(
  fc.tuple(arbitraryRun, fc.boolean()).map(([run, sign]) => () => runPack(run, sign ? KEY : undefined)),
  fc.tuple(evidence, fc.boolean()).map(([pieces, sign]) => () => decision(pieces, sign)),
);

property("pack: build twice gives equal bytes, and what was built verifies", packs, async (build) => {
  const bytes = await build();
  assertEquals(await build(), bytes);
  const report = assertOk(await verify(bytes));
  assertEquals([report.ok, report.uncovered_files, report.undeclared_files], [true, [], []]);
  assertOk(await inspectPack(nodeHost, bytesSource(bytes), "pack.zip"));
  const strict = assertOk(await verify(bytes, STRICT));
  assertEquals(strict.ok, strict.signatures_total === 1, "signed packs verify under strict, others do not");
});

property(
  "pack: a flipped, dropped or added byte of any entry fails and names it",
  fc.tuple(packs, fc.nat(), fc.nat(), fc.constantFrom("flip", "drop", "add"), fc.integer({ min: 1, max: 255 })),
  async ([build, which, at, kind, by]) => {
    const files = (await entriesOf(await build())).filter(({ path }) => path !== MANIFEST);
    const manifest = (await entriesOf(await build())).filter(({ path }) => path === MANIFEST);
    const { path, bytes } = files[which % files.length] ?? { path: "", bytes: new Uint8Array() };
    const all = Array.from(bytes);
    const i = all.length === 0 ? 0 : at % all.length;
    if (kind === "flip" && all.length > 0) all[i] = (all[i] ?? 0) ^ by;
    else if (kind === "drop" && all.length > 0) all.splice(i, 1);
    else all.splice(i, 0, by);
    const others = files.filter((file) => file.path !== path);
    const report = assertOk(await verify(await writeZip([...manifest, ...others, { path, bytes: Uint8Array.from(all) }])));
    assertEquals([report.ok, report.hash_mismatches.map((row) => row.path)], [false, [path]]);
  },
);

property("pack: a dropped and an added entry fail and are named", fc.tuple(packs, fc.nat()), async ([build, which]) => {
  const files = await entriesOf(await build());
  const { path } = files.filter((file) => file.path !== MANIFEST)[which % (files.length - 1)] ?? { path: "" };
  const lost = assertOk(await verify(await writeZip(files.filter((file) => file.path !== path))));
  assertEquals([lost.ok, lost.missing_files], [false, [path]]);
  const more = assertOk(await verify(await writeZip([...files, { path: "notes/x", bytes: utf8("") }])));
  assertEquals([more.ok, more.undeclared_files], [false, ["notes/x"]]);
});

property(
  "pack: any change of a manifest's bytes fails, or leaves all that it says as it was",
  fc.tuple(packs, fc.nat(), fc.constantFrom("flip", "drop", "add"), fc.integer({ min: 1, max: 255 })),
  async ([build, at, kind, by]) => {
    const files = await entriesOf(await build());
    const before = files.find(({ path }) => path === MANIFEST)?.bytes ?? new Uint8Array();
    const all = Array.from(before);
    const i = at % all.length;
    if (kind === "flip") all[i] = (all[i] ?? 0) ^ by;
    else if (kind === "drop") all.splice(i, 1);
    else all.splice(i, 0, by);
    const changed: ZipFile[] = [...files.filter(({ path }) => path !== MANIFEST), {
      path: MANIFEST,
      bytes: Uint8Array.from(all),
    }];
    const report = await verify(await writeZip(changed), { key: KEY });
    if (!report.ok || !report.value.ok) return;
    // What a signature says of itself is not covered by it, and hexadecimal may be in capitals.
    const said = (text: string): Json => {
      const { signatures: _, ...rest } = object(text);
      return canonicalText(rest).toLowerCase();
    };
    assertEquals(said(textOf(changed, MANIFEST)), said(textOf(files, MANIFEST)));
  },
);

property(
  "pack: a value of a signed manifest that was changed and its id made anew fails under its key",
  fc.tuple(arbitraryRun, fc.constantFrom("created_at", "producer_version", "contents")),
  async ([run, member]) => {
    const files = await entriesOf(await runPack(run, KEY));
    const change: JsonObject = member === "created_at"
      ? { created_at: "2000-01-01T00:00:00Z" }
      : member === "producer_version"
      ? { producer_version: "9.9.9" }
      : { contents: [] };
    const forged = await entriesOf(await repacked(files, change));
    const { signatures } = object(textOf(files, MANIFEST));
    const manifest = { ...object(textOf(forged, MANIFEST)), signatures: signatures ?? null };
    const others = forged.filter(({ path }) => path !== MANIFEST);
    const report = assertOk(
      await verify(await writeZip([...others, { path: MANIFEST, bytes: utf8(JSON.stringify(manifest)) }]), { key: KEY }),
    );
    assertEquals([report.ok, report.signature_status], [false, "failed"]);
  },
);

property(
  "pack: no path of a bundle becomes a name outside of the evidence",
  fc.string({ unit: "binary", maxLength: 12 }),
  (path) => {
    const text = JSON.stringify({
      trace_id: "t",
      policy_digest: "1".repeat(64),
      intent_digest: "2".repeat(64),
      outcome_path: path,
    });
    const read = readBundle(utf8(text), "b.json", "1");
    if (!read.ok || read.value.outcome_path === "") return;
    const { outcome_path } = read.value;
    assert(
      !outcome_path.startsWith("/") && !outcome_path.split("/").includes("..") && !outcome_path.includes("\\"),
      outcome_path,
    );
    assertEquals(unsafeName(`evidence/${outcome_path}`), undefined);
  },
);

property(
  "pack: no bytes make verify or inspect throw",
  fc.tuple(packs, fc.nat(), fc.integer({ min: 1, max: 255 })),
  async ([build, at, by]) => {
    const bytes = await build();
    const odd = bytes.with(at % bytes.length, (bytes[at % bytes.length] ?? 0) ^ by);
    const report = await verify(odd);
    await inspectPack(nodeHost, bytesSource(odd), "pack.zip");
    if (report.ok && report.value.ok) assertEquals(await entriesOf(odd), await entriesOf(bytes));
  },
);
