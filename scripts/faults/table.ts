// The planted faults: one small wrong change each, and the test that has to see it. Every part of the program adds its own.
import { APPROVALS } from "./approvals.ts";
import { ARCHIVES } from "./archives.ts";
import { BOUNDARY } from "./boundary.ts";
import { BOUNDARY_PROXY } from "./boundary_proxy.ts";
import { AUTHORITY } from "./authority.ts";
import { CI } from "./ci.ts";
import { CLIENT } from "./client.ts";
import { COMMAND_LINE } from "./command_line.ts";
import { DURABLE } from "./durable.ts";
import { GATE } from "./gate.ts";
import { GATE_CHECKS } from "./gate_checks.ts";
import { HOOK } from "./hook.ts";
import { JSON } from "./json.ts";
import { KEYS } from "./keys.ts";
import { REGRESS } from "./regress.ts";
import { PACK_MORE } from "./pack_more.ts";
import { RUNS } from "./runs.ts";
import { RUNTIMES } from "./runtimes.ts";
import { SERVE } from "./serve.ts";
import { SESSIONS } from "./sessions.ts";
import { WRAP } from "./wrap.ts";
import { WRAP_ASKING } from "./wrap_asking.ts";
import { WRAP_HTTP } from "./wrap_http.ts";
import { WRAP_RESULTS } from "./wrap_results.ts";
import { USING } from "./using.ts";
import type { Fault } from "./fault.ts";

/** All of them. */
export const FAULTS: readonly Fault[] = [
  ...APPROVALS,
  ...ARCHIVES,
  ...BOUNDARY,
  ...BOUNDARY_PROXY,
  ...AUTHORITY,
  ...CI,
  ...CLIENT,
  ...COMMAND_LINE,
  ...DURABLE,
  ...GATE,
  ...GATE_CHECKS,
  ...HOOK,
  ...JSON,
  ...KEYS,
  ...REGRESS,
  ...PACK_MORE,
  ...RUNS,
  ...RUNTIMES,
  ...SERVE,
  ...SESSIONS,
  ...USING,
  ...WRAP,
  ...WRAP_ASKING,
  ...WRAP_HTTP,
  ...WRAP_RESULTS,
];
