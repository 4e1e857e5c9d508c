// Server-only. What a command proposed in a browser may be.
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { packageWish } from '../runner/pinned-package.ts';

/** Programs that read another program from their arguments: with one of them the list of programs would say nothing. */
const INTERPRETS = /^(?:(?:ba|da|z|k|c|tc|fi|a)?sh|busybox|env|xargs|sudo|doas|su|nohup|setsid|script|expect|eval)$/;

/**
 * Judges an argument vector against the host's list of programs. Refuses a program that is not on it, shells and programs
 * that start others, and a package without an exact version: two people approve what runs, not what will be published.
 */
export function judgeCommand(argv: readonly string[], programs: readonly string[]): Result<true, Refusal> {
  const [program = ''] = argv;
  if (programs.length === 0) {
    return refuse('This host lets no proposed command be started: its operator lists programs in RUNNER_PROGRAMS.');
  }
  if (!programs.includes(program)) {
    return refuse(`This host does not let that program be started. It lists: ${programs.join(', ')}.`);
  }
  if (INTERPRETS.test(program.slice(program.lastIndexOf('/') + 1))) {
    return refuse('A shell, or a program that starts others, cannot be proposed.');
  }
  return packageWish(argv).kind === 'floating'
    ? refuse('Name an exact version of the package, as in package@1.2.3.')
    : ok(true);
}

function refuse(detail: string): { readonly ok: false; readonly error: Refusal } {
  return err({ code: 'invalid-request', detail });
}
