import type { CommandRow } from './command-rows.ts';
import { installedPackage } from './installed-package.ts';
import { packageWish } from './pinned-package.ts';
import type { ChildSpec } from './runner-client.ts';
import type { RunnerOptions } from './runner-options.ts';

export type Judged =
  | {
      readonly ok: true;
      readonly command: CommandRow;
      /** Null where nothing is fetched; else asked before its first bytes are passed on, and answers what is wrong. */
      readonly checkPackage: ((home: string) => Promise<string | null>) | null;
    }
  | { readonly ok: false; readonly detail: string };

const DRIFTED = 'Its package is not the one that was accepted: look at it on the page of the server.';
const UNTOLD =
  'Nobody can tell which package was installed: look at the page of the server, and see that npx leaves its lock file.';

/**
 * Judges a start by the rows of this moment. Refuses a command that nobody defined, a program that the host does not list,
 * a missing sandbox where one is required, and a package that is not pinned or not the accepted one. A package of unknown
 * content starts only where the host itself defined it, no sandbox is required, and an admin accepted just that.
 */
export async function judgeStart(options: RunnerOptions, spec: ChildSpec): Promise<Judged> {
  const no = (detail: string): Judged => ({ ok: false, detail });
  const command = await options.findCommand(spec);
  if (command === null) return no('No command of this configuration is defined on this host.');
  const [program = ''] = command.argv;
  if (command.source === 'approved' && !options.programs.includes(program)) {
    return no(`This host does not let ${JSON.stringify(program)} be started: RUNNER_PROGRAMS does not list it.`);
  }
  const isStrict = options.sandboxMode === 'required';
  if (isStrict && options.sandbox.kind === 'none') {
    return no(`RUNNER_SANDBOX is required, and ${options.sandbox.why}.`);
  }
  const wish = packageWish(command.argv);
  switch (wish.kind) {
    case 'none':
      return { ok: true, command, checkPackage: null };
    case 'floating':
      return isStrict || command.source === 'approved'
        ? no('What it runs has no exact version: define it as npx -y package@1.2.3, or as a file of this host.')
        : { ok: true, command, checkPackage: null };
    case 'exact': {
      const mayBeUnknown = !isStrict && command.source === 'host';
      if (!(await options.isPackageAccepted(spec, mayBeUnknown))) return no(DRIFTED);
      const checkPackage = async (home: string) => {
        const found = installedPackage(home, wish.name, wish.version);
        if (await options.notePackage({ asked: spec, wish, found, mayBeUnknown })) return null;
        return found === null ? UNTOLD : DRIFTED;
      };
      return { ok: true, command, checkPackage };
    }
  }
}
