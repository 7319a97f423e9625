// Verifies a Sigstore bundle by Sigstore's own verifier, under a public key that is named by its hint. Arguments: the folder of packages,
// the bundle, the key (base64). Prints the statement that was verified.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, bundlePath, key] = process.argv.slice(2);
const require = createRequire(packages);
const { bundleFromJSON } = require("@sigstore/bundle");
const { Verifier, toSignedEntity, toTrustMaterial } = require("@sigstore/verify");

const raw = Buffer.from(key, "base64");
const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
const id = createHash("sha256").update(raw).digest("hex");
const root = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
const trust = toTrustMaterial(root, (hint) => {
  if (hint !== id) throw new Error(`no key has the hint ${hint}`);
  return { publicKey, validFor: () => true };
});
const bundle = bundleFromJSON(JSON.parse(readFileSync(bundlePath, "utf8")));
new Verifier(trust, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(bundle));
console.log(bundle.content.dsseEnvelope.payload.toString("utf8"));
