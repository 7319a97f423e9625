// The one line that people paste into tickets (spec 01, section 5.9).

/** The ticket footer of a runpack. */
export const ticketFooter = (runId: string, manifestDigest: string): string =>
  `GAIT run_id=${runId} manifest=sha256:${manifestDigest} verify="gait verify ${runId}"`;
