import type { Command } from 'commander';
import { toVisible } from '#lib/core/text/visible.ts';
import { exportConfig } from '#lib/server/apply/export-config.ts';
import type { Cli } from '../cli.ts';
import { done } from '../outcome.ts';

export function addExport(program: Command, cli: Cli): void {
  program
    .command('export')
    .description('print the configuration as countersign.yaml, without any secret')
    .action(() =>
      cli.onHost(async (host) => {
        const text = await exportConfig(host.prisma);
        return done({ file: text }, [toVisible(text.trimEnd(), { multiline: true })]);
      }),
    );
}
