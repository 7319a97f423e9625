// `gait keys verify`: checks that keys can be used and belong together.
import { ok } from "../../core/base/result.ts";
import { command } from "../command.ts";
import { loadPair, PRIVATE_KEY_FLAGS, PUBLIC_KEY_FLAGS } from "../key_sources.ts";

export default command({
  path: ["keys", "verify"],
  summary: "Check that a key pair can be used",
  explain:
    "Loads a private key, and a public key if one is named, and checks that both have the right form and belong together.",
  flags: { ...PRIVATE_KEY_FLAGS, ...PUBLIC_KEY_FLAGS },
  verdict: true,
  examples: ["gait keys verify --private-key gait-out/keys/gait_private.key --public-key gait-out/keys/gait_public.key"],
  needs: ["files", "env", "host"],
  async run(values, ports) {
    const pair = await loadPair(values, ports);
    if (!pair.ok) return pair;
    const { signing, publicSource } = pair.value;
    const data = { ok: true, key_id: signing.key.keyId, private_key_source: signing.source, public_key_source: publicSource };
    return ok({ exit: "ok", data });
  },
  lines: (
    data,
  ) => [
    `keys verify ok: key_id=${data.key_id}`,
    `private key: ${data.private_key_source}`,
    `public key:  ${data.public_key_source}`,
  ],
});
