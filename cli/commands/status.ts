import type { Command } from 'commander';
import { readLogHead } from '#lib/server/audit/read-head.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { isLive } from '../is-live.ts';
import { done } from '../outcome.ts';
import { shortTime } from '../table.ts';

export function addStatus(program: Command, cli: Cli): void {
  program
    .command('status')
    .description('what runs, what waits, what is stopped')
    .action(() => cli.onHost(async (host) => show(await read(host))));
}

async function read(host: Host) {
  const { prisma, runtime } = host;
  const kill = await readKillSwitch(prisma, host.actor);
  const roles = runtime?.roles ?? [];
  return {
    dataDir: host.dataDir,
    startedAt: runtime?.startedAt ?? null,
    console: roles.includes('console') ? { url: host.consoleUrl, live: await isLive(host.consoleUrl) } : null,
    gateway: roles.includes('gateway') ? { url: host.gatewayUrl, live: await isLive(host.gatewayUrl) } : null,
    worker: roles.includes('worker'),
    waiting: await prisma.approvalRequest.count({ where: { status: 'pending' } }),
    killed: kill.scopes.filter((scope) => scope.on),
    separation: kill.separation,
    log: await readLogHead(prisma),
  };
}

function show(status: Awaited<ReturnType<typeof read>>) {
  const word = (part: { url: string; live: boolean } | null) =>
    part === null ? 'not started here' : `${part.url}  ${part.live ? 'answers' : 'does not answer'}`;
  const stopped = status.killed.map((scope) => `${scope.scope} (${scope.by}, ${shortTime(scope.at)})`);
  return done(status, [
    `Data       ${status.dataDir}`,
    `Since      ${status.startedAt === null ? 'unknown' : shortTime(status.startedAt)}`,
    `Console    ${word(status.console)}`,
    `Gateway    ${word(status.gateway)}`,
    `Worker     ${status.worker ? 'started here' : 'not started here'}`,
    `Waiting    ${status.waiting} for a decision`,
    `Stopped    ${stopped.length === 0 ? 'nothing' : stopped.join(', ')}`,
    `Duties     ${status.separation === 'solo' ? 'solo: one person decides alone' : 'separated'}`,
    `Log        ${status.log.size} entries, ${status.log.waiting} waiting for their number`,
  ]);
}
