// Signing many digests by one key: in their own order, on a second thread where that is worth starting one.
import { concatBytes } from "./bytes.ts";
import type { Sign } from "./host.ts";

const MESSAGE = 32;
const SIGNATURE = 64;

/** Signs messages of 32 bytes that stand one after the other; the signatures, 64 bytes each, stand so too. */
export async function signAll(sign: Sign, messages: Uint8Array): Promise<Uint8Array> {
  const signatures = new Uint8Array((messages.length / MESSAGE) * SIGNATURE);
  for (let i = 0; i * MESSAGE < messages.length; i++) {
    signatures.set(await sign(messages.subarray(i * MESSAGE, (i + 1) * MESSAGE)), i * SIGNATURE);
  }
  return signatures;
}

/** Signs what it is given, sooner or later; `flush` says that nobody will give it more for a while. */
export type Gathering = { readonly sign: Sign; flush(): void };

/** Signs elsewhere: the messages as `signAll` has them; undefined when it cannot any more. */
export type SignElsewhere = (messages: Uint8Array) => Promise<Uint8Array | undefined>;

/**
 * How many messages are signed in place before it is worth to go elsewhere, how many then go together, and how many may be on their
 * way at a time: when elsewhere does not keep up, what is more is signed in place.
 */
export type GatheringTerms = { readonly first: number; readonly together: number; readonly ahead: number };

type Waiting = { readonly message: Uint8Array; settle(signature: Uint8Array | Promise<Uint8Array>): void };

/** Signs the first messages in place, later ones elsewhere and many at a time; in place again when that cannot any more. */
export function gathering(sign: Sign, elsewhere: () => SignElsewhere, { first, together, ahead }: GatheringTerms): Gathering {
  let signed = 0;
  let there: SignElsewhere | undefined;
  let lost = false;
  let queue: Waiting[] = [];
  let away = 0;

  async function send(waiting: readonly Waiting[]): Promise<void> {
    away += waiting.length;
    const signatures = await (there ??= elsewhere())(concatBytes(waiting.map(({ message }) => message)));
    const whole = signatures?.length === waiting.length * SIGNATURE;
    away -= waiting.length;
    lost ||= !whole;
    waiting.forEach(({ message, settle }, i) =>
      settle(signatures !== undefined && whole ? signatures.slice(i * SIGNATURE, (i + 1) * SIGNATURE) : sign(message))
    );
  }

  const flush = (): void => {
    const waiting = queue;
    queue = [];
    if (waiting.length === 0) return;
    if (away + waiting.length <= ahead) void send(waiting);
    else for (const { message, settle } of waiting) settle(sign(message));
  };

  return {
    sign(message) {
      if (lost || signed++ < first) return sign(message);
      return new Promise((settle) => {
        queue.push({ message, settle });
        if (queue.length >= together) flush();
      });
    },
    flush,
  };
}
