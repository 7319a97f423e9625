// Structured lines for whoever operates the server: one JSON object each, with the time, the level and what happened.
import type { Json, JsonObject } from "../../core/base/json.ts";
import type { Ports } from "../../core/ports.ts";
import { jsonLine } from "../render.ts";
import { masked } from "../secrets.ts";

/** How grave a line is. */
export type Level = "info" | "warn" | "error";

/** Writes lines. */
export type ServeLog = (level: Level, event: string, members?: JsonObject) => void;

/** The lines of a server. */
export const serveLog = ({ log, clock }: Pick<Ports, "log" | "clock">): ServeLog => (level, event, members = {}) => {
  const line: Record<string, Json> = { ...members, time: clock.now(), level, event };
  log.line(masked(jsonLine(line, [])).trimEnd());
};
