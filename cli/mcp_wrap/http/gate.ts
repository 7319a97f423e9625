// What all requests share: the settings, the sessions that the server has begun, and the conversation of what belongs to none.
import { digestOf } from "../../../core/base/digest.ts";
import type { Fault } from "../../../core/base/result.ts";
import { type Exchange, type Shared, shared } from "../../../core/mcp/exchange.ts";
import { sessionLabels } from "../../../core/mcp/session_labels.ts";
import type { Ports } from "../../../core/ports.ts";
import type { Watch } from "../../http/watch.ts";
import { underway } from "../../underway.ts";
import type { Gated } from "../gated.ts";
import { inboxOf } from "../inbox.ts";
import type { WrapPorts } from "../ports.ts";
import { sessionRecords } from "../records.ts";
import type { Why } from "../relay.ts";
import { say } from "../say.ts";
import type { WrapSettings } from "../settings.ts";
import { type Conversation, conversation } from "./conversation.ts";
import type { Place } from "./place.ts";

/** The ports of a gate that is reached over HTTP. */
export type GatePorts = WrapPorts & Pick<Ports, "listen" | "upstream">;

/** The most sessions at a time; the one that was begun first makes room. */
export const MOST_SESSIONS = 512;

/** What a gate is opened with. */
export type Opened = Gated & {
  readonly settings: WrapSettings;
  readonly place: Place;
  readonly ports: GatePorts;
  readonly watch: Watch;
};

/** A gate before a server. */
export interface Gate extends Pick<Opened, "settings" | "place" | "ports" | "watch"> {
  /** The conversation of what belongs to no session. */
  readonly loose: Conversation;
  /** A session by what the server calls it. */
  session(id: string): Conversation | undefined;
  /** A session that the server has begun, with the state of its first request. */
  begin(id: string, known: Shared, exchange: Exchange): Conversation;
  /** Ends a session; what it leaves is sealed in its own time. */
  close(session: Conversation, why: Why): void;
  /** All of them. */
  all(): readonly Conversation[];
  /** Whether the gate takes requests. */
  ending: boolean;
  /** Ends all, and gives the faults on the way. */
  end(): Promise<readonly Fault[]>;
}

/** Opens a gate. */
export function openGate({ settings, place, ports, boundary, ready, pins, results, watch }: Opened): Gate {
  // A path may hold a secret; its digest tells the same address.
  const server = { program: place.upstream.origin, command_digest: digestOf(ports.host.crypto, [settings.upstream]) };
  const inbox = inboxOf(settings, ports);
  const make = (id: string, known: Shared, exchange: Exchange | undefined): Conversation => {
    const records = sessionRecords(settings, server, ready, ports);
    const { session_id, journal } = records;
    const own = { session_id, labels: sessionLabels(), journal };
    const deciding = { settings, boundary, pins, results, inbox, ports, ...own };
    return conversation({ id, known, exchange, deciding, records, watch });
  };
  const sessions = new Map<string, Conversation>();
  const faults: Fault[] = [];
  const sealing = underway();
  const loose = make("", shared(), undefined);

  const seal = (one: Conversation, why: Why): void => {
    sealing.add(
      one.end(why).then((path) => {
        faults.push(...one.notes.faults);
        if (!path.ok) faults.push(path.fault);
        else if (path.value !== "") say(`session sealed: ${path.value}`, ports);
      }),
    );
  };
  const close = (one: Conversation, why: Why): void => {
    if (sessions.get(one.id) !== one) return;
    sessions.delete(one.id);
    seal(one, why);
  };

  return {
    settings,
    place,
    ports,
    watch,
    ending: false,
    loose,
    session: (id) => id === "" ? undefined : sessions.get(id),
    begin(id, known, exchange) {
      const before = sessions.get(id);
      if (before !== undefined) return before; // a server may call all its sessions the same
      const [oldest] = sessions.size >= MOST_SESSIONS ? sessions.values() : [];
      if (oldest !== undefined) close(oldest, "client_gone");
      const begun = make(id, known, exchange);
      sessions.set(id, begun);
      return begun;
    },
    close,
    all: () => [loose, ...sessions.values()],
    async end() {
      for (const one of [loose, ...sessions.values()]) seal(one, "signalled");
      sessions.clear();
      await sealing.all();
      return faults;
    },
  };
}
