// How a command is rendered whose JSON is a document of its own: `command.ts` says what that is.
import type { Answer, OwnDocument } from "./command.ts";
import type { Fault } from "../core/base/result.ts";
import { jsonLine, renderAnswer, type Rendered, renderFault, type View } from "./render.ts";
import { masked } from "./secrets.ts";

/** What goes to stdout, how the program ends, and what goes to stderr. */
type Both = Rendered & { readonly err?: string };

const wholeLine = (document: object): string => jsonLine(document, Object.keys(document));

/** The answer of such a command. */
export function ownAnswer(name: string, answer: Answer, view: View, verdict: boolean, { always, code }: OwnDocument): Both {
  if (!view.json && !always) return renderAnswer(name, answer, view, verdict);
  const rendered = { exit: answer.exit, out: wholeLine(answer.document ?? answer.data) };
  if (view.json && code === undefined || answer.exit === "ok") return rendered; // the document says that all is well
  return { ...rendered, err: renderAnswer(name, answer, { ...view, json: false, colour: false }, verdict).out };
}

/** A fault of such a command of a program of this version. Where no document has room for the words, they go to stderr in any case. */
export function ownFault(name: string, fault: Fault, view: View, { always, refuse }: OwnDocument, version: string): Both {
  if (!view.json && !always) return renderFault(name, fault, view);
  const words = renderFault(name, fault, { ...view, json: false, colour: false });
  const rendered = { exit: words.exit, out: masked(wholeLine(refuse(fault, version))) };
  return always ? { ...rendered, err: words.out } : rendered;
}
