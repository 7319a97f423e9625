// Spellings that are no more: each answers with what to write instead (spec 01, section 3.2, rule 4).

/** One retired command. */
export type Retired = { readonly path: readonly string[]; readonly replacement: string };

/** All of them. */
export const RETIRED: readonly Retired[] = [{ path: ["mcp-verify"], replacement: "gait mcp verify" }];

/** The `migration` member of the error that a retired command gives. */
export const migration = ({ path, replacement }: Retired) => ({
  kind: "command",
  deprecated_command: ["gait", ...path].join(" "),
  replacement_command: replacement,
});
