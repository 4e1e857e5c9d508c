// The worker process: audit sequencer, expiry, schedules. No listener.
import { createPrisma } from '#lib/server/db/prisma.ts';
import { loadEnv } from '#lib/server/env.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog } from '#lib/server/log.ts';
import { targetsOf } from '#lib/server/red-team/targets.ts';
import { childStarterOf } from '#lib/server/runner/child-starter.ts';
import { startWorker } from '#lib/server/worker/start-worker.ts';
import { reportReady, stopWithSupervisor } from './lifetime.ts';

const env = loadEnv();
const log = createLog(env.logLevel, 'worker');
const keys = loadKeys(env.dataDir, env.masterKeyFile);
if (env.databaseUrl === undefined) {
  throw new Error('DATABASE_URL is not set: the supervisor passes it to the worker.');
}
const prisma = createPrisma(env.databaseUrl, { max: 6, name: 'countersign-worker' });
const worker = startWorker({
  databaseUrl: env.databaseUrl,
  prisma,
  keys,
  dataDir: env.dataDir,
  consoleUrl: env.consoleUrl,
  redTeam: targetsOf(env),
  log,
  startChild: childStarterOf(env, keys, log),
});

stopWithSupervisor(env.supervised, async () => {
  await worker.stop();
  await prisma.$disconnect();
});
log.info({ logKey: keys.logSigning.origin }, 'worker started');
reportReady();
