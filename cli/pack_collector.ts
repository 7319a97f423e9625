// Telling an OpenTelemetry collector of a pack.
import { canonicalBytes } from "../core/base/canonical.ts";
import { quoted } from "../core/base/json_words.ts";
import { fail, ok, type Result } from "../core/base/result.ts";
import { epochNanoseconds } from "../core/base/time.ts";
import type { ExportedPack } from "../core/flow/pack_export.ts";
import { otlpRequests } from "../core/pack/export_otlp.ts";
import { leftOut } from "../core/pack/otlp_answer.ts";
import type { Ports } from "../core/ports.ts";

/** The address of a collector, without a slash at its end. Fault `flag_value`. */
export function collectorAddress(given: string): Result<string> {
  const url = URL.parse(given);
  const words = "wanted is http:// or https://, a host, and no name, password, query or fragment";
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== "") {
    return fail("flag_value", `Cannot read flag "--otlp-url": ${words}`);
  }
  return ok(url.href.replace(/\/+$/, ""));
}

const PATIENCE = 10_000;
const LATER = [408, 429, 502, 503, 504];

/** Tells a collector of a pack. Faults `network_failed`, `collector_refused`. */
export async function sendToCollector(
  address: string,
  { record, integrityOk }: ExportedPack,
  version: string,
  { net, host, clock }: Pick<Ports, "net" | "host" | "clock">,
): Promise<Result<void>> {
  const moment = epochNanoseconds(clock.now()) ?? 0n;
  for (const { path, body } of otlpRequests(host.crypto, record, integrityOk, version, moment)) {
    const url = `${address}/${path}`;
    const answer = await net.post(url, canonicalBytes(body), { "content-type": "application/json" }, PATIENCE);
    if (!answer.ok) return answer;
    const { status, body: said } = answer.value;
    if (status < 200 || status >= 300) {
      const code = LATER.includes(status) ? "network_failed" : "collector_refused";
      return fail(code, `Cannot send to "${url}": the answer is status ${status}`);
    }
    const { count, words } = leftOut(said);
    if (count === 0) continue;
    const because = words === "" ? "" : ` and says ${quoted(words, 200)}`;
    return fail(
      "collector_refused",
      `Cannot send all to "${url}": the collector leaves out ${count} of what it was sent${because}`,
    );
  }
  return ok(undefined);
}
