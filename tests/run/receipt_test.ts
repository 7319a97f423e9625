// The ticket footer and its form (spec 01, section 5.9).
import { isTicketFooter, ticketFooter } from "../../core/run/footer.ts";
import { assertEquals } from "../assert.ts";

const DIGEST = "0123456789abcdef".repeat(4);

Deno.test("footer: of a plain run id and a digest it has the form of the contract", () => {
  const footer = ticketFooter("run_A-1", DIGEST);
  assertEquals(footer, `GAIT run_id=run_A-1 manifest=sha256:${DIGEST} verify="gait verify run_A-1"`);
  assertEquals(isTicketFooter(footer), true);
});

Deno.test("footer: other ids, other digests, two different ids and anything around it are refused", () => {
  for (const id of ["", "a b", "a/b", "ä", "a.b", "a\n", 'a"']) {
    assertEquals(isTicketFooter(ticketFooter(id, DIGEST)), false, id);
  }
  for (const digest of ["", DIGEST.toUpperCase(), DIGEST.slice(1), `${DIGEST}0`]) {
    assertEquals(isTicketFooter(ticketFooter("run", digest)), false, digest);
  }
  const good = ticketFooter("run", DIGEST);
  for (const bad of [`${good}\n`, ` ${good}`, good.replace("verify run", "verify ruin"), good.replace("GAIT", "gait")]) {
    assertEquals(isTicketFooter(bad), false, bad);
  }
});
