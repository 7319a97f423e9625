// Types of the packages that ship none; what they give is unknown until it was read.
declare module "@std/yaml" {
  /** With the schema `failsafe` every scalar is text, as written. */
  export function parse(text: string, options?: { readonly schema: "failsafe" }): unknown;
}
declare module "@std/crypto/timing-safe-equal" {
  /** Whether both hold the same bytes, found out in a time that tells nothing of them; only their lengths show. */
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
declare module "@std/jsonc" {
  type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
  /** The value of a text of JSON with comments. Throws where it is none. */
  export function parse(text: string): Json;
}
