// The entry for browsers and whatever else has the web's standards alone: artifacts are bytes, or files that a page was given.
import { webHost } from "../host/web.ts";
import { call as callOn } from "./call.ts";
import { sourceOf } from "./sources.ts";

/** Answers one JSON request by one JSON reply; see `call.ts`. Files are read in slices and never held whole. */
export const call = (request: string, artifacts: readonly (Uint8Array | Blob)[]): Promise<string> =>
  callOn(webHost, request, artifacts.map(sourceOf));
