// The journal of one session of `gait mcp wrap` (a format of ours): a line for each decision, on the disk before the call leaves, and a
// line for what became of it. Numbers without gaps pair them, so that a missing one can be named.
import { filled, type Infer, integer, listOf, object, oneOf, payload, present, text, time } from "../base/shape.ts";
import { heading } from "./heading.ts";

export const WRAP_SESSION_ID = "gait.mcp.wrap_session";

/** The lines of such a journal. */
export const WRAP_RECORDS = ["header", "decision", "undecided", "result", "stray", "end"] as const;

const word = (doc: string) => filled(text(doc));
const call = integer("Number of the call in this session, from 1");

export const WrapHeaderShape = object("What session it is; the first line", () => ({
  ...heading(WRAP_SESSION_ID),
  session_id: text("Id of the session, or of this part of it"),
  continues: word("Id of the part of the session before this one; absent in the first"),
  server_name: word("What the server is called"),
  program: text("The program that was started, or origin of the address; arguments and path may hold secrets"),
  command_digest: text("Digest of the program and its arguments, or of the address without its query, as a list"),
  policy: text("The policy, by path"),
  key_id: text("The key that signs"),
}));

export const WrapRecordShape = object("One line of the journal of a wrapped session", () => ({
  record_type: oneOf(WRAP_RECORDS, "The member that the line has beside these"),
  sequence: integer("Position among the lines of this journal, from 1 and without gaps"),
  at: time("When, by the clock of the machine"),
  header: present(WrapHeaderShape),
  decision: present(object("A call was decided", () => ({
    call,
    request_id: text("What the client calls the request, as JSON; where that is long, its beginning and its digest"),
    tool_name: text("The tool"),
    verdict: text("allow, block, dry_run or require_approval; only allow lets the call leave"),
    reason_codes: filled(listOf(text("One of them"), "Why")),
    arguments: oneOf(["fit", "misfit", "unknown"], "What the declared schema of the tool says of the arguments"),
    definition_digest: word("Digest of the tool as its server declares it, where it has done so"),
    intent_digest: text("Digest of the intent"),
    args_digest: text("Digest of the arguments"),
    policy_digest: text("Digest of the policy"),
    pending_request_id: word("The request that it left in the inbox"),
    labels: filled(listOf(text("One of them"), "Labels of the session when it was decided")),
    trace: payload("The trace, signed"),
    approval: present(object("How an approval of it was sought or given; absent where nobody was asked", () => ({
      way: oneOf(["inbox", "elicitation", "input_required"], "By an inbox, or by a question to the user of the client"),
      answer: oneOf(
        ["asked", "accepted", "declined", "cancelled", "unanswered", "malformed", "refused"],
        "asked: the answer comes with another call; refused: what came with the call was no answer to a question of the gate about it",
      ),
      state_id: word("Id of the question"),
      approvers: filled(listOf(text("One of them"), "Who approved")),
      token_ids: filled(listOf(text("One of them"), "The approvals that let it through")),
      token_digests: filled(listOf(text("One of them"), "Their digests, which their signatures stand over")),
    }))),
  }))),
  undecided: present(object("A call could not be decided; it did not leave", () => ({
    call,
    request_id: text("What the client calls the request, as JSON; where that is long, its beginning and its digest"),
    tool_name: text("The tool"),
    args_digest: word("Digest of the arguments as they came"),
    fault: text("Why, by the name of the fault"),
  }))),
  result: present(object("What became of a call that left", () => ({
    call,
    status: text(
      "ok, tool_error, error, input_required, task; unreadable or too_large when its result was held back; not_sent when the server took no more; cancelled, timed_out or unanswered when none came; interrupted when the gate was gone before; blocked when a rule for results held it back",
    ),
    frame_digest: word("SHA-256 of the frame that came, hex"),
    result_digest: word("SHA-256 of the bytes of its result, or of its error, hex: the id of the request is not in it"),
    bytes: filled(integer("How long the frame is")),
    reason_codes: filled(listOf(text("One of them"), "Why the result was held back")),
    effect: word("What rules for results made of it: pass, label or block; blank where none applies"),
    rules: filled(listOf(text("One of them"), "The rules that apply")),
    labels: filled(listOf(text("One of them"), "Labels that it has given to the session")),
  }))),
  stray: present(object("A frame was held back that answers nothing", () => ({
    from: oneOf(["client", "server"], "Who sent it"),
    words: text("What is wrong with it"),
    frame_digest: word("SHA-256 of the frame, hex"),
  }))),
  end: present(object("The session ended; the last line", () => ({
    why: text(
      "client_closed, client_gone, server_ended or signalled; continued where another part of the session follows; interrupted when its gate was gone and a later one wrote this line",
    ),
    calls: integer("How many calls it had"),
  }))),
}));

export type WrapHeader = Infer<typeof WrapHeaderShape>;
/** A line of the journal. */
export type WrapRecord = Infer<typeof WrapRecordShape>;
export type WrapDecision = NonNullable<WrapRecord["decision"]>;
/** How an approval was sought or given. */
export type WrapApproval = NonNullable<WrapDecision["approval"]>;
