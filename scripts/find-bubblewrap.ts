// bubblewrap for the tests of the sandbox: the system's, or installed from the distribution's packages.
import { programPath } from '#lib/server/env.ts';
import { findProgram, probeSandbox } from '#lib/server/runner/probe-sandbox.ts';
import { run } from './stages.ts';

/** Says in one line whether the tests of the sandbox really run, installing bubblewrap where this process may. */
export async function findBubblewrap(): Promise<void> {
  const isMissing = findProgram('bwrap', programPath()) === null;
  if (isMissing && process.platform === 'linux' && process.getuid?.() === 0) {
    process.stdout.write("No bubblewrap in PATH: installing the distribution's package …\n");
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '-q', '--no-install-recommends', 'bubblewrap'];
    if (!(await run('apt-get', install, quiet))) {
      await run('apt-get', ['update', '-q'], quiet);
      await run('apt-get', install, quiet);
    }
  }
  const sandbox = await probeSandbox();
  process.stdout.write(
    sandbox.kind === 'bubblewrap'
      ? `Sandbox: bubblewrap ${sandbox.version}.\n`
      : `The tests of the sandbox are skipped: ${sandbox.why}.\n`,
  );
}
