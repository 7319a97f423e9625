// Serving HTTP at a place: connections are taken as they come, up to a number, and ended in order when the service ends.
import type { Listener, Ports } from "../../core/ports.ts";
import { type Answering, LIMITS, type Limits, serveConnection, type Served } from "./connection.ts";
import { replyBytes } from "./message.ts";
import { type Watch, watchBy } from "./watch.ts";

/** How it serves. */
export type ServerRules = {
  /** The most connections at a time; more are told to come again. */
  readonly most: number;
  readonly limits?: Limits;
};

/** A place that is served. */
export interface HttpServer {
  /** Connections that are open now. */
  open(): number;
  /**
   * Takes no more, lets every request that came be answered for at most so long, and ends. Resolves when all is over. A request may lie
   * in the system when the end is told, on a connection or before one is taken: for `look` milliseconds each is still listened to.
   */
  end(milliseconds: number, look?: number): Promise<void>;
  /** The watch over all connections, for tests. */
  readonly watch: Watch;
}

/** Serves a place until it is ended. */
export function serveHttp(
  listener: Listener,
  to: Answering,
  { most, limits = LIMITS }: ServerRules,
  timer: Ports["timer"],
): HttpServer {
  const watch = watchBy(timer);
  const served = new Set<Served>();
  let ending = false;
  const serving = { limits, watch, to, ending: () => ending };

  async function accept(): Promise<void> {
    for (let connection = await listener.accept(); connection !== undefined; connection = await listener.accept()) {
      if (served.size >= most) {
        const full = to.refuse(503, { code: "server_busy", message: `Cannot take more than ${most} connections at a time` });
        void connection.write(replyBytes(full, true)).then(connection.close);
        continue;
      }
      const one = serveConnection(connection, serving);
      served.add(one);
      void one.done.then(() => served.delete(one));
    }
  }
  const accepting = accept();
  const sweeping = watch.run();

  return {
    open: () => served.size,
    watch,
    async end(milliseconds, look = 0) {
      ending = true;
      watch.add().until(milliseconds, () => {
        for (const one of served) one.cut();
      });
      if (look > 0) await timer.sleep(look);
      listener.close();
      await accepting;
      if (look > 0 && served.size > 0) await timer.sleep(look); // for the one that was taken last
      for (const one of served) one.endIdle();
      await Promise.all([...served].map(({ done }) => done));
      watch.stop();
      await sweeping;
    },
  };
}
