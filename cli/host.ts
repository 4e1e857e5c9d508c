import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import type { Env } from '#lib/server/env.ts';
import { KeyFileError } from '#lib/server/keys/key-files.ts';
import { type Keys, loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog } from '#lib/server/log.ts';
import { childStarterOf, type StartChild } from '#lib/server/runner/child-starter.ts';
import { type Runtime, readRuntimeFile } from '#lib/server/runtime-file.ts';
import { EXIT, failed, type Outcome } from './outcome.ts';

/** An installation, opened through its data directory: whoever may read that directory is its operator. */
export type Host = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly databaseUrl: string;
  readonly consoleUrl: string;
  readonly gatewayUrl: string;
  readonly dataDir: string;
  readonly runtime: Runtime | null;
  readonly startChild: StartChild;
  /** How the log names what is done here: the account at the host. */
  readonly actor: OperatorPrincipal;
  close(): Promise<void>;
};

/**
 * Opens the installation that runs from the data directory, or the one that DATABASE_URL names, whose keys must lie
 * there too. Refuses where nothing runs, where the database does not answer, and a directory without keys: making new
 * ones here would sign a second history.
 */
export async function openHost(env: Env): Promise<Result<Host, Outcome>> {
  const running = readRuntimeFile(env.dataDir);
  const databaseUrl = running.ok ? running.value.databaseUrl : env.databaseUrl;
  if (databaseUrl === undefined) {
    return err(failed(EXIT.unreachable, 'not-running', running.ok ? '' : running.error.sentence));
  }
  if (!existsSync(join(env.dataDir, 'keys', 'log-signing.jwk'))) {
    return err(failed(EXIT.unreachable, 'no-keys', `There are no keys in ${join(env.dataDir, 'keys')}.`));
  }
  const keys = readKeys(env);
  if (!keys.ok) {
    return keys;
  }
  const prisma = createPrisma(databaseUrl, { max: 2, name: 'countersign-cli' });
  try {
    await prisma.$queryRaw`SELECT 1`;
  } catch {
    await prisma.$disconnect();
    return err(failed(EXIT.unreachable, 'database-unavailable', 'The database does not answer.'));
  }
  const runtime = running.ok ? running.value : null;
  return ok({
    prisma,
    keys: keys.value,
    databaseUrl,
    consoleUrl: runtime?.consoleUrl ?? env.consoleUrl,
    gatewayUrl: runtime?.gatewayUrl ?? env.gatewayUrl,
    dataDir: env.dataDir,
    runtime,
    startChild: childStarterOf(env, keys.value, createLog('silent', 'cli')),
    actor: { kind: 'operator', name: accountName() },
    close: () => prisma.$disconnect(),
  });
}

function readKeys(env: Env): Result<Keys, Outcome> {
  try {
    return ok(loadKeys(env.dataDir, env.masterKeyFile));
  } catch (error) {
    if (error instanceof KeyFileError) {
      return err(failed(EXIT.refused, 'bad-key-file', error.message));
    }
    throw error;
  }
}

/** The account's name; a container may run under a number that no account has. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}
