// Pending requests as files of an inbox: how they and the decisions about them are named, and reading a request back. Its id is the
// SHA-256 of exactly its bytes, so a file that was changed is another request, under a wrong name.
import { utf8 } from "../base/bytes.ts";
import { sha256Hex } from "../base/digest.ts";
import { readDocument } from "../base/document.ts";
import type { Crypto } from "../base/host.ts";
import { prettyText } from "../base/pretty.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type Shape, writeShape } from "../base/shape.ts";
import {
  PENDING_REQUEST_ID,
  type PendingGlance,
  PendingGlanceShape,
  type PendingRequest,
  PendingRequestShape,
} from "../schema/pending_request.ts";

/** The longest request that is read, in bytes: the longest intent, printed in lines, and what is told of it. */
export const PENDING_LIMIT = 32 * 2 ** 20;

/** The name of a request's file. */
export const requestName = (id: string): string => `request_${id}.json`;

/** The name of the nth decision about a request, from 1: a file that can be made once. */
export const decisionName = (id: string, nth: number): string => `decision_${id}_${nth}.json`;

/** What a file of an inbox is by its name; undefined for what is none of gait's. */
export type InboxName =
  | { readonly kind: "request"; readonly id: string }
  | { readonly kind: "decision"; readonly id: string; readonly nth: number };

const NAME = /^(?:request_([0-9a-f]{64})|decision_([0-9a-f]{64})_([1-9][0-9]{0,5}))\.json$/;

/** Reads a name. */
export function inboxName(name: string): InboxName | undefined {
  const [, request, decided, nth] = NAME.exec(name) ?? [];
  if (request !== undefined) return { kind: "request", id: request };
  return decided === undefined ? undefined : { kind: "decision", id: decided, nth: Number(nth) };
}

/** A request as a file. */
export type PendingFile = { readonly id: string; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** The file of a request. */
export function pendingFile(crypto: Crypto, request: PendingRequest): PendingFile {
  const bytes = utf8(prettyText(writeShape(PendingRequestShape, request)));
  const id = sha256Hex(crypto, bytes);
  return { id, name: requestName(id), bytes };
}

/**
 * Reads the file of a request with this id. Faults: `request_changed` when its bytes are others than the id stands for, and those of
 * `readDocument`.
 */
export const readPending = (crypto: Crypto, bytes: Uint8Array, id: string, what: string): Result<PendingRequest> =>
  readAs(PendingRequestShape, crypto, bytes, id, what);

/** The same as far as a list tells of it, in half the time. */
export const glancePending = (crypto: Crypto, bytes: Uint8Array, id: string, what: string): Result<PendingGlance> =>
  readAs(PendingGlanceShape, crypto, bytes, id, what);

function readAs<T>(shape: Shape<T>, crypto: Crypto, bytes: Uint8Array, id: string, what: string): Result<T> {
  const at = { file: what };
  if (sha256Hex(crypto, bytes) !== id) {
    return fail("request_changed", `Cannot read request "${id}": "${what}" holds other bytes than that id stands for`, at);
  }
  const read = readDocument(shape, bytes, what, at, { maxBytes: PENDING_LIMIT, kind: PENDING_REQUEST_ID });
  return read.ok ? ok(read.value.value) : read;
}

/** One digest for a set of requests, their ids in byte order. */
export const setDigest = (crypto: Crypto, ids: readonly string[]): string => crypto.sha256Text(ids.join("\n"));
