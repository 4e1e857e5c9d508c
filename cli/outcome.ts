import { PROBLEMS, type Refusal } from '#lib/contracts/problems.ts';
import { toVisible, toVisibleJson } from '#lib/core/text/visible.ts';

/** What the shell learns: fine, refused or failed, wrong usage, nobody there, a person is needed. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, notSignedIn: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command ended: the data for `--json`, and the lines for people. */
export type Outcome = { readonly exit: ExitCode; readonly data: unknown; readonly lines: readonly string[] };

/**
 * What is printed of it. Names and words of agents are in it: nothing hides, reorders or repaints in a terminal, and with
 * `--json` the document stays the same to a program.
 */
export function printed(outcome: Outcome, json: boolean): readonly string[] {
  if (json) return [toVisibleJson(JSON.stringify(outcome.data, null, 2))];
  return outcome.lines.map((line) => toVisible(line, { multiline: true }));
}

/** The command did what it was asked. */
export function done(data: unknown, lines: readonly string[]): Outcome {
  return { exit: EXIT.ok, data, lines };
}

/** A use-case said no: its code, why, and what to do next. */
export function refused(refusal: Refusal): Outcome {
  const { title, next } = PROBLEMS[refusal.code];
  const detail = refusal.detail ?? title;
  return {
    exit: EXIT.refused,
    data: { error: { code: refusal.code, title, detail, next } },
    lines: [`${title}: ${toVisible(detail)}`, `${next} (code: ${refusal.code})`],
  };
}

/** Ended otherwise than well, with a sentence and a code of the command line's own. */
export function failed(exit: ExitCode, code: string, ...lines: readonly string[]): Outcome {
  return { exit, data: { error: { code, detail: lines.join(' ') } }, lines };
}
