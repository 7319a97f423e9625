// Types of the packages that ship none; what they give is unknown until it was read.
declare module "@std/yaml" {
  /** With the schema `failsafe` every scalar is text, as written. */
  export function parse(text: string, options?: { readonly schema: "failsafe" }): unknown;
}
