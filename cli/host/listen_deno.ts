// Being reached by others, on a real machine.
import { fail, ok } from "../../core/base/result.ts";
import type { Connection, Listen, Listener, Reach } from "../../core/ports.ts";
import { errnoOf, inWords } from "./errno.ts";
import { ENDING, told } from "./told.ts";

/** How long nothing is accepted after the system refused to, in milliseconds: most often there are too many open files. */
const PAUSE = 50;

/** The port. */
export const denoListen: Listen = {
  async open(at, { alone }) {
    const place = at.kind === "tcp" ? `${at.host}:${at.port}` : at.path;
    try {
      if (at.kind === "unix") await clearSocket(at.path);
      const listener = at.kind === "tcp"
        ? Deno.listen({ hostname: at.host, port: at.port })
        : Deno.listen({ transport: "unix", path: at.path });
      if (at.kind === "unix") Deno.chmodSync(at.path, 0o660);
      if (alone && Deno.permissions.revokeSync({ name: "net" }).state === "granted") {
        listener.close();
        return fail("internal", "Cannot give up the network: refusing to serve with it");
      }
      return ok(listening(listener, at));
    } catch (thrown) {
      return fail("listen_failed", `Cannot listen on "${place}": ${inWords(errnoOf(thrown))}`);
    }
  },
  told: () => told(ENDING),
};

// A socket that a killed server left behind is in the way of the next one; one that somebody answers on is not touched.
async function clearSocket(path: string): Promise<void> {
  let found: Deno.FileInfo;
  try {
    found = Deno.lstatSync(path);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return;
    throw thrown;
  }
  if (found.isSocket !== true) throw Object.assign(new Error("not a socket"), { code: "ENOTSOCK" });
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (thrown) {
    if (errnoOf(thrown) !== "ECONNREFUSED") throw thrown;
    Deno.removeSync(path);
    return;
  }
  throw Object.assign(new Error("in use"), { code: "EADDRINUSE" });
}

function listening(listener: Deno.Listener, at: Reach): Listener {
  let closed = false;
  const { addr } = listener;
  const port = "port" in addr ? addr.port : 0;
  return {
    address: at.kind === "unix" ? at.path : at.host.includes(":") ? `[${at.host}]:${port}` : `${at.host}:${port}`,
    async accept() {
      while (!closed) {
        try {
          return connection(await listener.accept());
        } catch (thrown) {
          if (closed || thrown instanceof Deno.errors.BadResource) return undefined;
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      }
      return undefined;
    },
    close() {
      if (closed) return;
      closed = true;
      listener.close();
      if (at.kind === "unix") withoutErrors(() => Deno.removeSync(at.path));
    },
  };
}

// Whatever happens to a connection ends it, and says nothing about the program.
function connection(conn: Deno.Conn): Connection {
  return {
    async read(into) {
      try {
        return await conn.read(into) ?? 0;
      } catch (thrown) {
        return gone(thrown, 0);
      }
    },
    async write(bytes) {
      try {
        for (let done = 0; done < bytes.length;) done += await conn.write(bytes.subarray(done));
        return true;
      } catch (thrown) {
        return gone(thrown, false);
      }
    },
    async finish() {
      try {
        await conn.closeWrite();
      } catch (thrown) {
        gone(thrown, undefined);
      }
    },
    close: () => withoutErrors(() => conn.close()),
  };
}

// A mistake of ours is not hidden: it has other names than what a system says of connections.
function gone<T>(thrown: unknown, end: T): T {
  if (thrown instanceof TypeError || thrown instanceof RangeError) throw thrown;
  return end;
}

function withoutErrors(action: () => void): void {
  try {
    action();
  } catch (thrown) {
    gone(thrown, undefined);
  }
}
