import 'server-only';
import { startDoor } from '#lib/server/calls/door.ts';
import { type CallsApi, createCallsApi } from '#lib/server/calls-api/calls-api.ts';
import { getDeps } from './deps.ts';

// On globalThis, because the development server re-evaluates modules at every edit and each copy would hold a lease.
declare global {
  var countersignCallsApi: Promise<CallsApi> | undefined;
}

/** The decision API of this process's Next bundle; its door opens at the first call, and again after a failed start. */
export function getCallsApi(): Promise<CallsApi> {
  globalThis.countersignCallsApi ??= makeCallsApi().catch((error: unknown) => {
    globalThis.countersignCallsApi = undefined;
    throw error;
  });
  return globalThis.countersignCallsApi;
}

async function makeCallsApi(): Promise<CallsApi> {
  const { env, keys, log } = await getDeps();
  if (env.databaseUrl === undefined)
    throw new Error('DATABASE_URL is not set: the supervisor passes it to the console.');
  const door = await startDoor({ databaseUrl: env.databaseUrl, keys, env, kind: 'console', log });
  return createCallsApi({ door, keys, gatewayUrl: env.gatewayUrl });
}
