// A Chromium for the end-to-end tests: the system's, or installed from the distribution's packages.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './stages.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The path of a Chromium, installing it where this process may; undefined when there is none to be had. */
export async function findChromium(): Promise<string | undefined> {
  const found = inPath();
  if (found !== undefined) {
    return found;
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    process.stdout.write("No Chromium in PATH: installing the distribution's package …\n");
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium'];
    if (!(await run('apt-get', install, quiet))) {
      await run('apt-get', ['update', '-q'], quiet);
      await run('apt-get', install, quiet);
    }
  }
  return inPath();
}

function inPath(): string | undefined {
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [...candidates, MAC].find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
