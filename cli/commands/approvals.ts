import type { Command } from 'commander';
import { toVisible } from '#lib/core/text/visible.ts';
import { listRequests } from '#lib/server/approvals/list-requests.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

const MOST = 200;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export function addApprovals(program: Command, cli: Cli): void {
  const approvals = program.command('approvals').description('calls that wait for people');
  approvals
    .command('list')
    .description('what waits now; with --history what was decided')
    .option('--history', 'the newest decided ones instead')
    .action((options: { history?: boolean }) => cli.onHost((host) => list(host, options.history === true)));
  approvals
    .command('show')
    .description('one request with its arguments and its story')
    .argument('<id>')
    .action((id: string) => cli.onHost((host) => show(host, id)));
  for (const decision of ['approve', 'deny'] as const) {
    approvals
      .command(decision)
      .description('decisions are made by signed-in people, in the console')
      .argument('<id>')
      .action((id: string) =>
        cli.onHost(async (host) => {
          const where = `${host.consoleUrl}/approvals/${encodeURIComponent(id)}`;
          const sentence = `The operator of a host decides nothing: a reviewer must sign in and ${decision} at ${where}`;
          return failed(EXIT.notSignedIn, 'not-signed-in', sentence);
        }),
      );
  }
}

async function list(host: Host, history: boolean): Promise<Outcome> {
  const page = await listRequests(host, host.actor, { status: history ? 'history' : 'pending', limit: MOST });
  if (!page.ok) {
    return refused(page.error);
  }
  const rows = page.value.items.map((one) => [
    one.id,
    one.status,
    one.tier,
    one.agent,
    `${one.server}/${one.tool}`,
    `${one.quorum.approved} of ${one.quorum.needed}`,
    shortTime(history ? one.requestedAt : one.expiresAt),
  ]);
  const header = ['ID', 'STATUS', 'TIER', 'AGENT', 'TOOL', 'VOTES', history ? 'ASKED' : 'UNTIL'];
  return done(page.value, tableOr(history ? 'Nothing yet.' : 'Nothing waits.', header, rows));
}

async function show(host: Host, id: string): Promise<Outcome> {
  const found = UUID.test(id) ? await readRequest(host.prisma, host.keys, host.actor, id) : null;
  if (found === null) {
    return refused({ code: 'not-found', detail: 'There is no such request.' });
  }
  const reason = found.agentReason === null ? [] : [`Agent says  ${toVisible(found.agentReason)}`];
  return done(found, [
    `Request     ${found.id}`,
    `Status      ${found.status}, ${found.quorum.approved} of ${found.quorum.needed} votes`,
    toVisible(`Call        ${found.server}/${found.tool} by ${found.agent}`),
    `Risk        ${found.tier}, ${found.actionClass}; rule ${toVisible(found.rule)}`,
    `Asked       ${shortTime(found.requestedAt)}, until ${shortTime(found.expiresAt)}`,
    `Digest      ${found.digest}`,
    ...reason,
    `Arguments   ${toVisible(found.canonicalArgs)}`,
    ...found.story.map((event) => `  ${shortTime(event.at)}  ${toVisible(event.sentence)}`),
    `Decide at   ${host.consoleUrl}/approvals/${found.id}`,
  ]);
}
