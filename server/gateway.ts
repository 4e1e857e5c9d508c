// The gateway process: the data plane, agents only. Composition root.
import { loadEnv } from '#lib/server/env.ts';
import { startGateway } from '#lib/server/gateway/start-gateway.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog } from '#lib/server/log.ts';
import { reportReady, stopWithSupervisor } from './lifetime.ts';

const env = loadEnv();
const log = createLog(env.logLevel, 'gateway');
if (env.databaseUrl === undefined) throw new Error('DATABASE_URL is not set: the supervisor sets it, or you do.');
const keys = loadKeys(env.dataDir, env.masterKeyFile);
const gateway = await startGateway({ databaseUrl: env.databaseUrl, keys, env, log });
log.info({ port: gateway.port }, 'the gateway is listening');
stopWithSupervisor(env.supervised, () => {
  log.info('the gateway drains');
  return gateway.close();
});
reportReady();
