// Where a project keeps what gait reads (spec 02, section 1.6).

/** The paths that `init` and `check` name, in every answer. */
export const CONTRACT = {
  repo_policy_path: ".gait.yaml",
  project_defaults_path: ".gait/config.yaml",
  regress_config_path: "gait.yaml",
  legacy_policy_scaffold_path: "gait.policy.yaml",
} as const;
