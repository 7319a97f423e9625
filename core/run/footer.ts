// The one line that people paste into tickets (spec 01, section 5.9).

/** The ticket footer of a runpack. */
export const ticketFooter = (runId: string, manifestDigest: string): string =>
  `GAIT run_id=${runId} manifest=sha256:${manifestDigest} verify="gait verify ${runId}"`;

const FORM = /^GAIT run_id=([A-Za-z0-9_-]+) manifest=sha256:[0-9a-f]{64} verify="gait verify \1"$/;

/** Whether a footer has the form of the contract, which tools look for: a plain run id, twice, and a digest. */
export const isTicketFooter = (footer: string): boolean => FORM.test(footer);
