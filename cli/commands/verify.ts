import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { runVerify } from '../verify/main.ts';

export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .description('verify an export or an evidence bundle offline: no server, no database, no network')
    .argument('<export>', 'the .ndjson, the .tar.gz, or a directory with what was in it')
    .option('--key <log.pub>', 'the log’s public key, from elsewhere than the export')
    .action(async (path: string, options: { key?: string }) => {
      const key = options.key === undefined ? [] : ['--key', options.key];
      const json = program.opts<{ json?: boolean }>().json === true ? ['--json'] : [];
      cli.endWith(await runVerify([...key, ...json, '--', path], cli.io));
    });
}
