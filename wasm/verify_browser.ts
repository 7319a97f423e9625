// The verifier as one script for web pages: drop a runpack, see whether it holds; nothing is uploaded.
import { webHost } from "../host/web.ts";
import { sourceOf } from "./sources.ts";
import { verify, type VerifyReply, type VerifyRequest } from "./verify.ts";

/** Verifies a file that the page was given, in slices: it is never held whole. */
export const verifyFile = (file: Blob, request: VerifyRequest = {}): Promise<VerifyReply> =>
  verify(webHost, sourceOf(file), request);
