// The ports of a service on a real machine, together: only a command that serves loads them.
import type { Serving } from "../../core/ports.ts";
import { artifactsOn } from "./artifacts.ts";
import { denoArtifacts } from "./artifacts_deno.ts";
import { denoListen } from "./listen_deno.ts";
import { denoLog, denoNet } from "./service_deno.ts";
import { denoUpstream } from "./upstream_deno.ts";

/** The ports; `write` is the way to standard error. */
export const denoServing = (write: (bytes: Uint8Array) => Promise<number>): Serving => ({
  listen: denoListen,
  log: denoLog(write),
  net: denoNet,
  upstream: denoUpstream,
  artifacts: artifactsOn(denoArtifacts),
});
