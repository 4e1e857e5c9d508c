// Server-only. What a command proposed in a browser may be.
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { packageWish, startsOthers } from '../runner/pinned-package.ts';

/**
 * Judges an argument vector against the host's list of programs. Refuses a program that is not on it, shells and programs
 * that start others, a package without an exact version, other package runners and code among the arguments: two people
 * approve what runs, not what will be published.
 */
export function judgeCommand(argv: readonly string[], programs: readonly string[]): Result<true, Refusal> {
  const [program = ''] = argv;
  if (programs.length === 0) {
    return refuse('This host lets no proposed command be started: its operator lists programs in RUNNER_PROGRAMS.');
  }
  if (!programs.includes(program)) {
    return refuse(`This host does not let that program be started. It lists: ${programs.join(', ')}.`);
  }
  if (startsOthers(program)) {
    return refuse('A shell, or a program that starts others, cannot be proposed.');
  }
  return packageWish(argv).kind === 'floating'
    ? refuse(
        'What it runs is not pinned: propose a package as npx -y package@1.2.3 with no other option before it, a program ' +
          'as a file of this host, and no code among the arguments.',
      )
    : ok(true);
}

function refuse(detail: string): { readonly ok: false; readonly error: Refusal } {
  return err({ code: 'invalid-request', detail });
}
