// The contract of `verify` (spec 01, sections 5.8 and 7.1): members, lines, exits, and how a run id finds its file.
import { assertEquals } from "../assert.ts";
import { object, resealed, sha, type Texts, texts, zipOf } from "../run/packs.ts";
import { KEY_ID, machine, PRIVATE_KEY, PUBLIC_KEY, refusal, RUN } from "./commands_world.ts";

// A signed pack and an unsigned one of the same run.
const recorder = machine({ files: { "in.json": RUN, k: PRIVATE_KEY } });
await recorder.json("run", "record", "in.json", "--private-key", "k", "--out-dir", "signed");
await recorder.json("run", "record", "in.json", "--out-dir", "plain");
const entriesOf = (folder: string): Promise<Texts> => {
  const found = recorder.disk.bytes(`${folder}/runpack_run_small.zip`);
  if (typeof found === "string") throw new Error(found);
  return texts(found);
};
const SIGNED = await entriesOf("signed");
const PLAIN = await entriesOf("plain");
const DIGEST = object(PLAIN["manifest.json"]).manifest_digest;
const OTHER = `${"A".repeat(42)}E=`;

const packs = {
  "s.zip": await zipOf(SIGNED),
  "u.zip": await zipOf(PLAIN),
  "bad.zip": await zipOf({ ...SIGNED, "run.json": "{}", "extra\u202e.txt": "" }),
  k: PRIVATE_KEY,
  p: PUBLIC_KEY,
  other: OTHER,
};
const UNSIGNED = "The runpack carries no signature: its contents agree with each other, but nothing says who recorded it";
const UNCHECKED = "No public key was given: the signatures were not checked";
const GOOD = { ok: true, run_id: "run_small", manifest_digest: DIGEST, files_checked: 4 };

Deno.test("verify: exactly these members, unsigned, skipped, verified", async () => {
  const made = machine({ files: packs });
  assertEquals(await made.json("verify", "u.zip"), [0, {
    ...GOOD,
    path: "u.zip",
    signature_status: "missing",
    signature_note: UNSIGNED,
    next_commands: ["gait run inspect u.zip"],
  }]);
  assertEquals(await made.json("verify", "s.zip"), [0, {
    ...GOOD,
    path: "s.zip",
    signature_status: "skipped",
    signature_errors: ["no public key was given, so no signature was checked"],
    signatures_total: 1,
    signature_note: UNCHECKED,
    next_commands: ["gait verify s.zip --public-key <file>", "gait run inspect s.zip"],
  }]);
  assertEquals(await made.json("verify", "s.zip", "--public-key", "p", "--profile", " STRICT "), [0, {
    ...GOOD,
    path: "s.zip",
    signature_status: "verified",
    signatures_total: 1,
    signatures_valid: 1,
    next_commands: ["gait run inspect s.zip"],
  }]);
});

Deno.test("verify: exactly these members when it fails, and no envelope", async () => {
  const made = machine({ files: packs });
  const signature_errors = [`signature 1 of 1: key_id is "${KEY_ID}", the key in use is "${sha(atob(OTHER))}"`];
  assertEquals(await made.json("verify", "bad.zip", "--public-key", "other"), [2, {
    ...GOOD,
    ok: false,
    path: "bad.zip",
    hash_mismatches: [{ path: "run.json", expected: sha(SIGNED["run.json"] ?? ""), actual: sha("{}") }],
    undeclared_files: ["extra\u202e.txt"],
    signature_status: "failed",
    signature_errors,
    signatures_total: 1,
  }]);
  const { "refs.json": _, ...rest } = PLAIN;
  const missing = machine({ files: { "m.zip": await zipOf(rest) } });
  assertEquals(await missing.json("verify", "m.zip", "--require-signature"), [2, {
    ...GOOD,
    ok: false,
    path: "m.zip",
    missing_files: ["refs.json"],
    signature_status: "missing",
    signature_errors: ["a signature is required, the document has none"],
    signature_note: UNSIGNED,
  }]);
});

Deno.test("verify: lines", async () => {
  const made = machine({ files: packs });
  const about = `run run_small, 4 entries checked, manifest sha256:${DIGEST}`;
  assertEquals(await made.text("verify", "u.zip"), [0, [
    "verify ok: u.zip",
    "signature status: missing",
    about,
    UNSIGNED,
    "next: gait run inspect u.zip",
  ]]);
  assertEquals(await made.text("verify", "bad.zip", "--public-key", "other"), [2, [
    "verify failed: bad.zip",
    "signature status: failed",
    about,
    `changed: run.json: its digest is ${sha("{}")}, sealed was ${sha(SIGNED["run.json"] ?? "")}`,
    "not in the manifest: extra\\u202e.txt",
    `signature: signature 1 of 1: key_id is "${KEY_ID}", the key in use is "${sha(atob(OTHER))}"`,
  ]]);
  const blank = machine({ files: { "b.zip": await resealed(PLAIN, { manifest_digest: "" }) } });
  assertEquals((await blank.text("verify", "b.zip"))[1][3], `changed: manifest.json: its digest is ${DIGEST}, sealed was none`);
});

Deno.test("verify: what is demanded decides, not what is there", async () => {
  const made = machine({ files: packs, env: { PUB: PUBLIC_KEY, PRIV: PRIVATE_KEY } });
  const exit = async (...argv: string[]) => (await made.json("verify", ...argv))[0];
  const table: readonly (readonly [number, readonly string[]])[] = [
    [0, ["u.zip", "--public-key", "p"]],
    [2, ["u.zip", "--public-key", "p", "--require-signature"]],
    [2, ["s.zip", "--require-signature"]],
    [0, ["s.zip", "--require-signature=false"]],
    [0, ["s.zip", "--require-signature", "--public-key-env", "PUB"]],
    [0, ["s.zip", "--require-signature", "--private-key", "k"]],
    [0, ["s.zip", "--require-signature", "--private-key-env", "PRIV"]],
    [2, ["s.zip", "--public-key", "other"]],
    [0, ["s.zip", "--public-key", "p", "--private-key", "none"]],
    [6, ["s.zip", "--public-key", "p", "--public-key-env", "PUB"]],
    [6, ["s.zip", "--private-key", "k", "--private-key-env", "PRIV"]],
    [6, ["s.zip", "--public-key", "p", "--private-key", "k", "--private-key-env", "PRIV"]],
    [6, ["s.zip", "--public-key", "none"]],
    [6, ["s.zip", "--public-key", "k"]],
    [6, ["s.zip", "--profile", "strict"]],
    [0, ["s.zip", "--profile", "strict", "--public-key", "p"]],
    [0, ["s.zip", "--profile", ""]],
    [6, ["s.zip", "--profile", "lax"]],
    [2, ["u.zip", "--profile", "strict", "--public-key", "p"]],
    [6, []],
    [6, [" "]],
    [6, ["u.zip", "s.zip"]],
  ];
  for (const [wanted, argv] of table) assertEquals(await exit(...argv), wanted, argv.join(" "));
});

Deno.test("verify: strict refuses an entry that nobody vouches for, standard lists it", async () => {
  const files = Object.entries(PLAIN).filter(([path]) => path !== "manifest.json").map(([path, text]) => ({
    path,
    sha256: sha(text),
  }));
  const made = machine({ files: { "x.zip": await resealed({ ...SIGNED, "x.txt": "" }, { files }), p: PUBLIC_KEY } });
  const [exit, said] = await made.json("verify", "x.zip", "--public-key", "p");
  assertEquals([exit, said.ok, said.undeclared_files, said.signature_status], [0, true, ["x.txt"], "verified"]);
  const [strict, refused] = await made.json("verify", "x.zip", "--public-key", "p", "--profile", "strict");
  assertEquals([strict, refused.ok, refused.undeclared_files, refused.error], [2, false, ["x.txt"], undefined]);
});

Deno.test("verify: a run id is looked up in the out folder, then at home; a path is a path", async () => {
  const pack = packs["u.zip"];
  const here = "gait-out/runpack_r.zip";
  const home = "/home/u/.gait/runpacks/runpack_r.zip";
  const path = async (files: Readonly<Record<string, Uint8Array>>, given: string, at: string | undefined = "/home/u") => {
    const [exit, said] = await machine({ files, ...(at === "" ? {} : { home: at }) }).json("verify", given);
    return exit === 0 ? said.path : said.fault;
  };
  assertEquals(await path({ [here]: pack, [home]: pack }, "r"), here);
  assertEquals(await path({ [here]: pack }, " r "), here);
  assertEquals(await path({ [home]: pack }, "r"), home);
  assertEquals(await path({ [home]: pack }, "r", ""), "file_missing");
  assertEquals(await path({ r: pack, "r.ZIP": pack }, "r"), "file_missing");
  assertEquals(await path({ "r.ZIP": pack }, "r.ZIP"), "r.ZIP");
  assertEquals(await path({ "./r": pack }, "./r"), "./r");
  assertEquals(await path({ "p.json": pack }, "p.json"), "p.json");
  assertEquals(await path({ "gait-out/runpack_p.json.zip": pack }, "p.json"), "gait-out/runpack_p.json.zip");
  assertEquals(await path({ "gait-out/runpack_r.zip/x": pack }, "r"), "file_missing");
  assertEquals(await path({ "d/x": pack }, "./d"), "file_unreadable");
  assertEquals(await path({ "d.zip/x": pack }, "d.zip"), "file_unreadable");
  for (const climbing of ["..", "."]) assertEquals(await path({ [here]: pack }, climbing), "path_refused");
  assertEquals(await path({ [here]: pack }, "a\\b"), "file_missing");
});

Deno.test("verify: what is not found or is no runpack, exactly", async () => {
  const made = machine({ files: { "t.txt.zip": "text", "e.zip": "" }, home: "/h" });
  assertEquals(await made.json("verify", "r"), [
    6,
    refusal(
      "file_missing",
      `Cannot find run "r": there is no gait-out/runpack_r.zip and no /h/.gait/runpacks/runpack_r.zip`,
      "Check the path, or make the file first",
    ),
  ]);
  assertEquals(await made.json("verify", "./blocks.zip"), [
    6,
    refusal(
      "file_missing",
      `Cannot read runpack "./blocks.zip": there is no such file`,
      "Check the path, or make the file first",
      {
        file: "./blocks.zip",
      },
    ),
  ]);
  for (const path of ["t.txt.zip", "e.zip"]) {
    assertEquals(await made.json("verify", path), [
      6,
      refusal(
        "not_a_zip",
        `Cannot read archive "${path}": it is not a zip archive, or its end is cut off`,
        "Give a runpack that gait run record wrote",
        {
          file: path,
        },
      ),
    ]);
  }
});

Deno.test("verify: of a pack is told what verifies it", async () => {
  const made = machine({ files: { "pack.zip": await zipOf({ "pack_manifest.json": "{}" }) } });
  const [exit, { fault, error }] = await made.json("verify", "pack.zip");
  const words = `Cannot read runpack "pack.zip": entry "manifest.json" is missing`;
  assertEquals([exit, fault, error], [6, "manifest_missing", `${words}; it is a pack, which gait pack verify checks`]);
});

Deno.test("verify: colour is on the verdict alone, and only where it is wanted", async () => {
  const colourful = machine({ files: packs, colour: true });
  assertEquals((await colourful.text("verify", "u.zip"))[1].map((line) => line.includes("\x1b")), [
    true,
    false,
    false,
    false,
    false,
  ]);
  assertEquals((await colourful.text("verify", "u.zip"))[1][0], "\x1b[32mverify ok: u.zip\x1b[0m");
  assertEquals((await colourful.text("verify", "bad.zip"))[1][0], "\x1b[31mverify failed: bad.zip\x1b[0m");
  assertEquals((await colourful.text("verify", "none.zip"))[1][0]?.startsWith("\x1b[31mverify error: "), true);
  await colourful.json("verify", "bad.zip");
  assertEquals(colourful.outputs.at(-2)?.includes("\x1b"), false, "JSON has no colour");
  const plain = machine({ files: packs });
  for (const path of ["u.zip", "bad.zip", "none.zip"]) await plain.text("verify", path);
  assertEquals(plain.outputs.join("").includes("\x1b"), false);
});

Deno.test("verify --all: each by itself, one summary, the worst exit", async () => {
  const good = { ok: true, run_id: "run_small", manifest_digest: DIGEST };
  const made = machine({
    files: {
      "d/a.zip": packs["u.zip"],
      "d/b.ZIP": packs["s.zip"],
      "d/n.txt": "text",
      "e/n.txt": "text",
      "bad.zip": packs["bad.zip"],
    },
  });
  const seen = { artifact_type: "runpack", exit: "ok", files_checked: 4, ...good };
  const a = { path: "d/a.zip", ...seen, signature_status: "missing" };
  const skipped = {
    signature_status: "skipped",
    signatures_total: 1,
    signature_errors: ["no public key was given, so no signature was checked"],
  };
  const b = { path: "d/b.ZIP", ...seen, ...skipped };
  const [exit, said] = await made.json("verify", "--all", "./d");
  assertEquals([exit, said.ok, said.artifacts_total, said.artifacts], [0, true, 2, [a, b]]);
  const [usage, unread] = await made.json("verify", "--all", "d", "e", "gone");
  assertEquals([usage, unread.ok, unread.artifacts_failed], [6, false, 2]);
  const { artifacts } = unread;
  const faults = Array.isArray(artifacts) ? artifacts.map((one) => one.fault ?? "none") : [];
  assertEquals(faults, ["none", "none", "file_missing", "file_missing"]);
  const [worst, all] = await made.text("verify", "--all", "gone", "bad.zip", "d/a.zip");
  assertEquals([worst, all.length, all.at(-1)], [2, 4, "verify failed: 1 of 3 hold"]);
  assertEquals(all[1]?.startsWith("FAIL bad.zip: run.json was changed; "), true, "what failed is told");
  const [hinted, folder] = await made.json("verify", "d");
  assertEquals([hinted, folder.fault, folder.error], [
    6,
    "file_unreadable",
    'Cannot verify "d": it is a folder; add --all for what is in it',
  ]);
  assertEquals((await made.json("verify", "d/a.zip", "d/b.ZIP"))[0], 6, "several only with --all");
});

Deno.test("verify: members of the manifest that nobody knows are told, unless a checked signature covers them", async () => {
  const manifest = JSON.stringify({ ...object(SIGNED["manifest.json"]), zz: 1 });
  const made = machine({ files: { "z.zip": await zipOf({ ...SIGNED, "manifest.json": manifest }), p: PUBLIC_KEY } });
  const [exit, said] = await made.json("verify", "z.zip");
  const warning = 'Member "zz" of the manifest is not known, and no checked signature covers it';
  assertEquals([exit, said.ok, said.unknown_members, said.warnings], [0, true, ["zz"], [warning]]);
  const [failed, checked] = await made.json("verify", "z.zip", "--public-key", "p");
  assertEquals([failed, checked.signature_status], [2, "failed"], "the signature covers all that was read");
});
