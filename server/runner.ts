// The runner process: starts the programs of stdio servers, and nothing else does. No listener but a socket of its own.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { loadEnv } from '#lib/server/env.ts';
import { createLog } from '#lib/server/log.ts';
import { openRunner } from '#lib/server/runner/open-runner.ts';
import { probeSandbox } from '#lib/server/runner/probe-sandbox.ts';
import { reportReady, stopWithSupervisor } from './lifetime.ts';

const env = loadEnv();
const log = createLog(env.logLevel, 'runner');
if (env.databaseUrl === undefined) throw new Error('DATABASE_URL is not set: the supervisor passes it to the runner.');
const prisma = createPrisma(env.databaseUrl, { max: 2, name: 'countersign-runner' });
const runner = await openRunner({
  prisma,
  env,
  log,
  sandbox: await probeSandbox(),
  privateFiles: [join(process.cwd(), '.env'), join(homedir(), '.npmrc')],
});
stopWithSupervisor(env.supervised, async () => {
  await runner.close();
  await prisma.$disconnect();
});
reportReady();
