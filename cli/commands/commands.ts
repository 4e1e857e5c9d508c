import type { Command } from 'commander';
import { toVisible } from '#lib/core/text/visible.ts';
import { acceptPackage } from '#lib/server/commands/accept-package.ts';
import { readRunning } from '#lib/server/commands/running-view.ts';
import { endProxyCredential } from '#lib/server/egress-proxy/end-proxy-credential.ts';
import { createLog } from '#lib/server/log.ts';
import { createRunnerClient } from '#lib/server/runner/runner-client.ts';
import { runnerSocketPath } from '#lib/server/runner/socket-path.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { shortTime, tableOr } from '../table.ts';

/** Commands of stdio servers: what is defined, what is proposed, and how a program runs. */
export function addCommands(program: Command, cli: Cli): void {
  const commands = program.command('commands').description('commands of stdio servers, and how their programs run');
  commands
    .command('list')
    .description('all commands, and those that wait for a second person in the console')
    .action(() => cli.onHost(list));
  commands
    .command('show')
    .description('how the program of a stdio server runs: sandbox, package, crashes, stderr')
    .argument('<server>')
    .action((server: string) => cli.onHost((host) => show(host, server)));
  commands
    .command('accept-package')
    .description('accept another content of a server’s package, exactly the one that `show` names')
    .argument('<server>')
    .requiredOption('--seen <integrity>', 'the integrity that was shown, or unknown where none can be told')
    .action((server: string, options: { seen: string }) =>
      cli.onHost(async (host) => {
        const accepted = await acceptPackage(host, host.actor, server, options.seen);
        return accepted.ok ? done({ server, integrity: options.seen }, ['Accepted.']) : refused(accepted.error);
      }),
    );
  commands
    .command('renew-way-out')
    .description('end what a server’s running program goes out with; the next one gets another credential')
    .argument('<server>')
    .requiredOption('--reason <text>', 'why')
    .action((server: string, { reason }: { reason: string }) =>
      cli.onHost(async (host) => {
        const ended = await endProxyCredential(host, host.actor, server, { reason });
        return ended.ok
          ? done({ server }, ['Ended: its open connections are cut, and its next process gets another credential.'])
          : refused(ended.error);
      }),
    );
}

async function list({ prisma }: Host): Promise<Outcome> {
  const defined = await prisma.stdioCommand.findMany({ orderBy: { name: 'asc' } });
  const proposed = await prisma.commandProposal.findMany({ where: { status: 'proposed' }, orderBy: { name: 'asc' } });
  const items = defined.map(({ name, argv, source, writable }) => ({ name, argv, source, writable }));
  const waiting = proposed.map(({ id, name, argv, reason, proposedAt }) => ({ id, name, argv, reason, proposedAt }));
  const rows = [
    ...items.map((one) => [one.name, one.source === 'host' ? 'host' : 'two people', shown(one.argv)]),
    ...waiting.map((one) => [one.name, `proposed ${shortTime(one.proposedAt.toISOString())}`, shown(one.argv)]),
  ];
  return done(
    { items, proposed: waiting },
    tableOr('No command is defined.', ['NAME', 'DEFINED BY', 'ARGUMENTS'], rows),
  );
}

/** What the runner and the database say of a server's program; null when it is no stdio server. */
export async function runningOf(host: Host, server: string) {
  const socketPath = runnerSocketPath(host.dataDir);
  const runner = createRunnerClient({ socketPath, log: createLog('silent', 'cli') });
  // Whoever may read the data directory may read what a program printed.
  const deps = { prisma: host.prisma, runner, env: { runnerSandbox: 'preferred' as const } };
  return readRunning(deps, { roles: ['admin'] }, server);
}

async function show(host: Host, server: string): Promise<Outcome> {
  const running = await runningOf(host, server);
  if (!running.ok) return refused(running.error);
  const { sandbox, command, children, crashes, stderr } = running.value;
  const found = running.value.package;
  const lines = [
    `sandbox: ${sandbox.kind === 'bubblewrap' ? `bubblewrap ${sandbox.version}` : sandbox.kind === 'none' ? `none (${sandbox.why})` : 'unknown, the runner does not answer'}`,
    ...(command === null ? [] : [`command: ${shown(command.argv)}`]),
    ...(found === null
      ? []
      : [`package: ${toVisible(found.name)}@${toVisible(found.version)} ${found.integrity || 'unknown'}`]),
    ...(found !== null && (found.integrity || 'unknown') !== found.acceptedIntegrity
      ? [`  not the accepted one (${found.acceptedIntegrity || 'none'}): it is not started until somebody accepts it`]
      : []),
    children.length === 0 ? 'not running' : `running as ${children.map((one) => one.pid).join(', ')}`,
    ...(crashes === 0 ? [] : [`${crashes} crash(es) lately`]),
    ...(stderr === null || stderr === ''
      ? []
      : ['stderr, its own words:', ...stderr.split('\n').map((line) => `  ${toVisible(line)}`)]),
  ];
  return done(running.value, lines);
}

function shown(argv: readonly string[]): string {
  return argv.map((one) => toVisible(one)).join(' ');
}
