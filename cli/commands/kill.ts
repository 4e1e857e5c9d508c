import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { reasonSchema } from '#lib/contracts/shared-shapes.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import type { Cli } from '../cli.ts';
import { openHost } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';

const SCOPES = 'high-risk, everything, tier:<tier>, server:<name>, tool:<server>/<tool>, class:<class> or agent:<name>';

export function addKill(program: Command, cli: Cli): void {
  program
    .command('kill')
    .description('stop a scope at once; works without console and database too')
    .argument('<scope>', SCOPES)
    .requiredOption('--reason <text>', 'why; it is recorded')
    .action((scope: string, options: { reason: string }) =>
      cli.run(async (env) => {
        const parsed = parseScope(scope);
        if (!parsed.ok) {
          return failed(EXIT.usage, 'bad-scope', parsed.error.reason);
        }
        const reason = reasonSchema.safeParse(options.reason);
        if (!reason.success) {
          return failed(EXIT.usage, 'usage', 'Say why, in a few words.');
        }
        const opened = await openHost(env);
        if (!opened.ok) {
          return killByFile(env.dataDir, scope, opened.error);
        }
        const host = opened.value;
        try {
          const killed = await kill(host, host.actor, { scope, reason: reason.data });
          if (!killed.ok) {
            return refused(killed.error);
          }
          const { epoch, voided } = killed.value;
          return done({ scope, epoch, voided, by: 'database' }, [
            `${scope} is stopped (epoch ${epoch}); ${voided} request(s) voided.`,
            `To restore: npx countersign restore ${scope} --reason …, then another person confirms in the console.`,
          ]);
        } catch {
          // The database went away in the middle: whether it heard us is unknown, the file is certain.
          return killByFile(env.dataDir, scope, failed(EXIT.unreachable, 'database-unavailable', 'The database left.'));
        } finally {
          await host.close().catch(() => undefined);
        }
      }),
    );
}

/** The way that needs nobody: gateways of this data directory read the file four times a second. */
function killByFile(dataDir: string, scope: string, why: Outcome): Outcome {
  const file = join(dataDir, 'KILL');
  if (!existsSync(dataDir)) {
    return { ...why, lines: [...why.lines, `There is no data directory ${dataDir} either: nothing was stopped.`] };
  }
  try {
    appendFileSync(file, `${scope}\n`, { mode: 0o600 });
  } catch {
    return { ...why, lines: [...why.lines, `${file} could not be written either: nothing was stopped.`] };
  }
  return done({ scope, by: 'file', file }, [
    ...why.lines,
    `Wrote "${scope}" into ${file}: gateways that run from this directory stop it within a second.`,
    'Once the database answers they record the kill there. To lift it then, take the line out of the file and restore the scope.',
  ]);
}
