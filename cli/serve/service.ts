// A server that is open: everything that its calls share.
import type { AnyApproval } from "../../core/authority/shown_approval.ts";
import type { Result } from "../../core/base/result.ts";
import type { Ports } from "../../core/ports.ts";
import type { Asked } from "../approvals_ask.ts";
import type { Boundary, BoundaryDecision } from "../boundary.ts";
import type { ServeJournal } from "./journal.ts";
import type { SharedLines } from "./lines.ts";
import type { ServeLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Evaluation } from "./request.ts";
import type { Retention } from "./retention.ts";
import type { Sessions } from "./sessions.ts";
import type { Stamps } from "./stamps.ts";
import type { ServeSettings } from "./settings.ts";

/** What serving takes. */
export const SERVE_NEEDS = [
  "files",
  "store",
  "journal",
  "lock",
  "state",
  "listen",
  "log",
  "net",
  "artifacts",
  "env",
  "clock",
  "timer",
  "random",
  "machine",
  "host",
  "progress",
] as const;

/** The ports of `SERVE_NEEDS`. */
export type ServePorts = Pick<Ports, typeof SERVE_NEEDS[number]>;

/** What a call is decided with beside its request. */
export type Beside = {
  /** When the call came, and the trace context of its caller; empty without one. */
  readonly began: string;
  readonly traceparent: string;
  /** Approvals from the inbox, and the request there that they are about. */
  readonly approvals?: readonly AnyApproval[];
  readonly request_id?: string;
  /** Whether what was decided is what is to be decided; asked before anything is written. */
  accepts?(decision: BoundaryDecision): Result<void>;
};

/** What all calls of a server share. */
export interface Service {
  readonly settings: ServeSettings;
  readonly ports: ServePorts;
  readonly boundary: Boundary;
  readonly journal: ServeJournal;
  readonly sessions: Sessions;
  readonly retention: Retention;
  readonly exports: { readonly log: SharedLines; readonly otel: SharedLines };
  readonly stamps: Stamps;
  readonly metrics: Metrics;
  readonly log: ServeLog;
  /** Leaves a request in the inbox, where a decision asks for an approval and there is an inbox. */
  ask(decision: BoundaryDecision, request: Evaluation): Promise<Result<Asked>>;
  /** Writes the line of a call that the kill switch blocked. */
  stopped(decision: BoundaryDecision): Promise<Result<void>>;
  span(decision: BoundaryDecision, beside: Beside, session_id: string): void;
  /** Spans that were sent and dropped. */
  spans(): { readonly sent: number; readonly dropped: number };
  /** Whether it is about to end. */
  ending: boolean;
  /** When the journal could last not be written, by the timer; before all time if it always could. */
  journal_failed: number;
  /** Brings everything to the disk, for at most so long. */
  close(milliseconds: number): Promise<void>;
}
