import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { childEnvironment } from '#lib/server/env.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../outcome.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export function addStart(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('start the console, the gateway, the worker and the runner here')
    .option('--roles <list>', 'which of runner,console,gateway,worker')
    .option('--demo', 'with demo people, servers and agents, in data of their own')
    .action(async (options: { roles?: string; demo?: boolean }) => {
      const env = cli.env();
      if (!env.ok) {
        cli.io.err(env.error.sentence);
        cli.endWith(EXIT.usage);
        return;
      }
      const roles = options.roles === undefined ? [] : ['--roles', options.roles];
      const child = spawn(process.execPath, [MAIN, ...roles, ...(options.demo === true ? ['--demo'] : [])], {
        env: childEnvironment({ COUNTERSIGN_DATA_DIR: env.value.dataDir }),
        stdio: 'inherit',
      });
      const pass = (signal: NodeJS.Signals) => child.kill(signal);
      // A terminal's Ctrl-C reaches the child by itself; it takes a second one for impatience, so only others are passed.
      process.on('SIGINT', () => undefined);
      process.on('SIGTERM', pass);
      process.on('SIGHUP', pass);
      const [code] = await once(child, 'close');
      cli.endWith(typeof code === 'number' ? code : EXIT.refused);
    });
}
