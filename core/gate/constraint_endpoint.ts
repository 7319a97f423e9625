// What the targets may be (spec 02, section 6.2).
import { trimmedSet } from "../base/text.ts";
import type { Target } from "../schema/intent.ts";
import type { Call } from "./call.ts";
import type { EndpointPatterns } from "./compile.ts";
import { domainsOf, isDoubtful, needsNoDomain } from "./domain_forms.ts";
import type { Finding } from "./finding.ts";
import { allowsDomain, allowsPath, deniesDomain, deniesPath, type Pattern } from "./patterns.ts";
import type { Endpoint } from "./types.ts";

const isAllowed = (allow: readonly Pattern[], target: Target, found: readonly string[]): boolean =>
  needsNoDomain(target) || !isDoubtful(target) && found.every((domain) => allowsDomain(allow, domain));

function flawsOf(section: Endpoint, { paths, domains }: EndpointPatterns, target: Target): string[] {
  const codes: string[] = [];
  if (target.kind === "path") {
    if (deniesPath(paths.deny, target.value)) codes.push("endpoint_path_denied");
    if (paths.allow.length > 0 && !allowsPath(paths.allow, target.value)) codes.push("endpoint_path_not_allowlisted");
  }
  if (domains.allow.length > 0 || domains.deny.length > 0) {
    const found = domainsOf(target);
    if (found.some((domain) => deniesDomain(domains.deny, domain))) codes.push("endpoint_domain_denied");
    if (domains.allow.length > 0 && !isAllowed(domains.allow, target, found)) {
      codes.push("endpoint_domain_not_allowlisted");
    }
  }
  const { egress_classes: classes } = section;
  if (target.endpoint_class.startsWith("net.") && classes.length > 0 && !classes.includes(target.endpoint_class)) {
    codes.push("endpoint_egress_class_not_allowed");
  }
  return codes;
}

/** Finds targets that are not what the section lets them be. */
export function checkEndpoint(section: Endpoint, patterns: EndpointPatterns, call: Call): Finding | undefined {
  const codes = call.targets.flatMap((target) => flawsOf(section, patterns, target));
  const destructive = call.destructive ? section.destructive_action : "";
  if (codes.length === 0 && destructive === "") return undefined;
  const reasons = destructive === "" ? codes : [...codes, "endpoint_destructive_operation"];
  const violations = destructive === "" ? codes : [...codes, "destructive_operation"];
  return {
    at_least: destructive === "block" ? "block" : section.action,
    reason_codes: trimmedSet([...reasons, section.reason_code]),
    violations: trimmedSet([...violations, section.violation]),
  };
}
