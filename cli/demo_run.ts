// The standard demo (spec 01, section 7.7): a small run, recorded, signed by a fresh key and read back; for `demo` and `tour`.
import { utf8 } from "../core/base/bytes.ts";
import { publicKeyText } from "../core/base/keys.ts";
import { joinPath, runpackName } from "../core/base/paths.ts";
import { ok, type Result } from "../core/base/result.ts";
import type { SigningKey } from "../core/base/sign.ts";
import { millisecondsBetween } from "../core/base/time.ts";
import { DEMO_RUN, demoRun } from "../core/run/demo.ts";
import { ticketFooter } from "../core/run/footer.ts";
import { sealRunpack } from "../core/run/seal.ts";
import type { Ports } from "../core/ports.ts";
import { freshSigner } from "./key_sources.ts";
import { replacedWith } from "./put_back.ts";
import { OUT_DIR, shownPath } from "./runpacks.ts";
import { VERSION } from "./version.ts";
import { writeChecked } from "./write_checked.ts";

/** What the standard demo says. */
export type Demo = {
  readonly ok: true;
  readonly mode: "standard";
  readonly run_id: string;
  readonly bundle: string;
  readonly ticket_footer: string;
  readonly verify: "ok";
  readonly signature_status: "signed";
  readonly signature_key_id: string;
  readonly public_key_path: string;
  readonly next_commands: readonly string[];
  readonly metrics_opt_in: string;
  readonly duration_ms: number;
};

/** How to switch the log of adoption on. */
export const METRICS = "export GAIT_ADOPTION_LOG=./gait-out/adoption.jsonl";

/** The demo, its runpack and the key that signed it. */
export type DemoDone = { readonly demo: Demo; readonly path: string; readonly key: SigningKey };

/** Records, signs and verifies the demo run. */
export async function standardDemo(
  ports: Pick<Ports, "files" | "store" | "clock" | "random" | "host">,
): Promise<Result<DemoDone>> {
  const started = ports.clock.now();
  const records = demoRun(ports.host.crypto, VERSION);
  if (!records.ok) return records;
  const { key } = await freshSigner(ports);
  const sealed = await sealRunpack(ports.host.crypto, records.value, "reference", key);
  if (!sealed.ok) return sealed;
  // The key goes first: a demo that is cut short then leaves no runpack whose key is missing.
  const keyPath = joinPath(OUT_DIR, "demo_public.key");
  const path = joinPath(OUT_DIR, runpackName(DEMO_RUN));
  const pack = () => writeChecked(path, sealed.value.bytes, key, ports);
  const bundle = { path, bytes: sealed.value.bytes };
  const written = await replacedWith({ path: keyPath, bytes: utf8(publicKeyText(key)) }, bundle, ports, pack);
  if (!written.ok) return written;
  const demo: Demo = {
    ok: true,
    mode: "standard",
    run_id: DEMO_RUN,
    bundle: shownPath(path),
    ticket_footer: ticketFooter(DEMO_RUN, sealed.value.manifest.manifest_digest),
    verify: "ok",
    signature_status: "signed",
    signature_key_id: key.keyId,
    public_key_path: shownPath(keyPath),
    next_commands: [`gait verify ${DEMO_RUN} --public-key ${shownPath(keyPath)}`, `gait run inspect ${DEMO_RUN}`],
    metrics_opt_in: METRICS,
    duration_ms: millisecondsBetween(started, ports.clock.now()),
  };
  return ok({ demo, path, key });
}
