import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { reasonSchema } from '#lib/contracts/shared-shapes.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';
import { openRestore } from '#lib/server/kill-switch/restore.ts';
import type { Cli } from '../cli.ts';
import { done, EXIT, failed, refused } from '../outcome.ts';

export function addRestore(program: Command, cli: Cli): void {
  program
    .command('restore')
    .description('open the restore of a stopped scope; a person confirms it in the console')
    .argument('<scope>', 'as it was stopped')
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action((scope: string, options: { reason: string }) =>
      cli.onHost(async (host) => {
        const reason = reasonSchema.safeParse(options.reason);
        if (!parseScope(scope).ok || !reason.success) {
          return failed(EXIT.usage, 'usage', 'Give the scope as it was stopped, and a reason in a few words.');
        }
        const opened = await openRestore(host, host.actor, { scope, reason: reason.data });
        if (!opened.ok) {
          return refused(opened.error);
        }
        const file = join(host.dataDir, 'KILL');
        return done({ ...opened.value, scope, confirmAt: `${host.consoleUrl}/kill-switch` }, [
          `The restore of ${scope} is open for 30 minutes; it is still stopped.`,
          `Somebody who holds security or admin must confirm it at ${host.consoleUrl}/kill-switch`,
          ...(existsSync(file) ? [`${file} stops what its lines name, whatever is confirmed: clear it too.`] : []),
        ]);
      }),
    );
}
