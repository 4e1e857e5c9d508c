// Server-only. How the program of a stdio server runs, as its page shows it.
import type { Running } from '#lib/contracts/commands.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { packageWish } from '../runner/pinned-package.ts';
import type { RunnerClient } from '../runner/runner-client.ts';

const VERSION = { none: 'local', exact: 'exact', floating: 'floating' } as const;

/** Everybody sees that it runs and in which sandbox; what it prints is its own text and goes to admins only. */
export async function readRunning(
  deps: { readonly prisma: Tx; readonly runner: RunnerClient; readonly env: Pick<Env, 'runnerSandbox'> },
  viewer: Pick<HumanPrincipal, 'roles'>,
  name: string,
): Promise<Result<Running, ConfigRefusal>> {
  const server = await deps.prisma.server.findUnique({ where: { name }, include: { command: true } });
  if (server === null || server.transport !== 'stdio') return refuse('not-found', 'There is no such stdio server.');
  const { configHash, command } = server;
  const found = await deps.prisma.serverPackage.findUnique({
    where: { serverName_configHash: { serverName: name, configHash } },
  });
  const status = await deps.runner.status(name);
  return ok({
    runner: status === null ? 'down' : 'up',
    sandbox: status?.sandbox ?? { kind: 'unknown' },
    sandboxMode: status?.sandboxMode ?? deps.env.runnerSandbox,
    command:
      command === null
        ? null
        : {
            argv: command.argv,
            writable: command.writable,
            source: command.source === 'approved' ? 'approved' : 'host',
            version: VERSION[packageWish(command.argv).kind],
          },
    package:
      found === null
        ? null
        : {
            name: found.name,
            version: found.version,
            integrity: found.integrity,
            acceptedIntegrity: found.acceptedIntegrity,
            seenAt: found.seenAt.toISOString(),
          },
    limits: status?.limits ?? null,
    children: status?.children ?? [],
    crashes: status?.crashes ?? 0,
    crashLoopUntil: status?.crashLoopUntil ?? null,
    lastExit: status?.lastExit ?? null,
    stderr: viewer.roles.includes('admin') ? (status?.stderr ?? '') : null,
  });
}
