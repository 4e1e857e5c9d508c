import type { Command } from 'commander';
import { readSessions } from '#lib/server/agents/agent-sessions.ts';
import { findAgent } from '#lib/server/agents/find-agent.ts';
import { liftQuarantine, quarantineSession } from '#lib/server/agents/quarantine-session.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

/** `agents sessions <name>` and `agents quarantine <name> <session>`. */
export function addAgentSessions(agents: Command, cli: Cli): void {
  agents
    .command('sessions')
    .description('the sessions of an agent in the last 30 days, the quarantined ones first')
    .argument('<name>')
    .action((name: string) => cli.onHost((host) => list(host, name)));
  agents
    .command('quarantine')
    .description('put a session outside until it is lifted; what it waits for ends')
    .argument('<name>')
    .argument('<session>')
    .requiredOption('--reason <text>', 'why')
    .option('--lift', 'let it in again')
    .action((name: string, session: string, options: { reason: string; lift?: boolean }) =>
      cli.onHost(async (host) => {
        const input = { session, reason: options.reason };
        if (options.lift === true) {
          const lifted = await liftQuarantine(host, host.actor, name, input);
          return lifted.ok ? done(lifted.value, ['The session may call again.']) : refused(lifted.error);
        }
        const put = await quarantineSession(host, host.actor, name, input);
        if (!put.ok) return refused(put.error);
        return done(put.value, [`The session is outside; ${put.value.ended} waiting calls ended.`]);
      }),
    );
}

async function list(host: Host, name: string): Promise<Outcome> {
  const agent = await findAgent(host.prisma, name);
  if (agent === null) return refused({ code: 'not-found', detail: 'There is no such agent.' });
  const items = await readSessions(host.prisma, agent);
  const rows = items.map((one) => [
    JSON.stringify(one.session).slice(1, -1),
    one.kind,
    one.quarantine === null ? (one.closed ? 'closed' : 'open') : 'quarantined',
    one.tainted ? 'tainted' : '',
    String(one.pending),
    shortTime(one.lastAt),
  ]);
  const header = ['SESSION', 'KIND', 'STATE', 'TAINT', 'WAITING', 'LAST SEEN'];
  return done({ items }, tableOr('No session in the last 30 days.', header, rows));
}
