// Every backend of hashing and signing that this runtime has, by name.
import { pureCrypto } from "../core/base/ed25519.ts";
import type { Crypto } from "../core/base/host.ts";
import { nodeHost } from "../host/node.ts";
import { webHost } from "../host/web.ts";

/** node:crypto, WebCrypto and plain JavaScript. */
export const BACKENDS: readonly (readonly [name: string, crypto: Crypto])[] = [
  ["node", nodeHost.crypto],
  ["web", webHost.crypto],
  ["pure", pureCrypto],
];
