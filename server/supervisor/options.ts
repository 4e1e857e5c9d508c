import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#lib/core/result.ts';

/** In the order in which they start: the runner first, because the others ask it for children. */
export const ROLES = ['runner', 'console', 'gateway', 'worker'] as const;
export type Role = (typeof ROLES)[number];

export type Options = { readonly roles: readonly Role[]; readonly demo: boolean; readonly dev: boolean };

/** One sentence for the operator and the exit code 1; never a stack. */
export type StartProblem = { readonly sentence: string };

/** Reads the command line of `npm start --`. */
export function readOptions(argv: readonly string[]): Result<Options, StartProblem> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        roles: { type: 'string', default: ROLES.join(',') },
        demo: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
      },
    });
    const asked = values.roles.split(',').map((name) => name.trim());
    const roles = ROLES.filter((role) => asked.includes(role));
    if (roles.length !== asked.length) {
      return err({ sentence: `--roles takes a list of ${ROLES.join(', ')}, separated by commas.` });
    }
    // One of the demo's servers is a program, and only the runner starts programs.
    const all = values.demo ? ROLES.filter((role) => role === 'runner' || roles.includes(role)) : roles;
    return ok({ roles: all, demo: values.demo, dev: values.dev });
  } catch (error) {
    return err({ sentence: error instanceof Error ? error.message : String(error) });
  }
}
