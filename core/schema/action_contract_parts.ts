// What the documents about action contracts are made of: texts that have to be there, digests, ids, versions.
import { given, listOf, type Shape, text } from "../base/shape.ts";
import { matching } from "../base/shape_rules.ts";

/** The version of the contracts that gait takes. */
export const CONTRACT_VERSION = "3";

/** Text that has to be there. */
export const word = (doc: string): Shape<string> => given(text(doc));

/** A list of texts that has to be there. */
export const words = (doc: string): Shape<readonly string[]> => given(listOf(word("One of them"), doc));

const PREFIXED_DIGEST = /^sha256:[a-f0-9]{64}$/;

/** Whether a text is a digest after `sha256:`. */
export const isPrefixedDigest = (digest: string): boolean => PREFIXED_DIGEST.test(digest);

/** A digest after `sha256:`. */
export const prefixedDigest = (doc: string): Shape<string> =>
  matching(text(doc), PREFIXED_DIGEST, '"sha256:" and 64 lowercase hexadecimal digits');

/** The version of the artifacts around contracts. */
export const CONTRACT_ARTIFACT_VERSION = "1";

/** The id of a proposal artifact. */
export const proposalId = (doc: string): Shape<string> =>
  matching(text(doc), /^paca-[a-f0-9]{16}$/, '"paca-" and 16 lowercase hexadecimal digits');

/** The id of a contract. */
export const contractId = (doc: string): Shape<string> =>
  matching(text(doc), /^pac-[a-f0-9]{8,64}$/, '"pac-" and 8 to 64 lowercase hexadecimal digits');

const FAMILY_ID = /^pacf-[a-f0-9]{8,64}$/;

/** Whether a text is the id of a contract family. */
export const isFamilyId = (id: string): boolean => FAMILY_ID.test(id);

/** The id of a contract family. */
export const familyId = (doc: string): Shape<string> =>
  matching(text(doc), FAMILY_ID, '"pacf-" and 8 to 64 lowercase hexadecimal digits');
