import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Env } from '#lib/server/env.ts';
import { freePort, probePort } from '#lib/server/postgres/free-port.ts';
import type { Role, StartProblem } from './options.ts';

const AFTER_CRASH_MS = 5_000;
const RETRY_MS = 100;

type Wanted = { readonly variable: string; readonly port: number; readonly address: string };

/**
 * Checks that every port is free, and picks one where the operator said 0; answers the variables for the children.
 * After a crash the last instance's children need a moment to notice, so the ports are asked for a few seconds.
 */
export async function claimPorts(
  env: Env,
  roles: readonly Role[],
  afterCrash: boolean,
): Promise<Result<Readonly<Record<string, string>>, StartProblem>> {
  const wanted: Wanted[] = [];
  if (roles.includes('console')) {
    wanted.push({ variable: 'CONSOLE_PORT', port: env.consolePort, address: env.bindAddress });
  }
  if (roles.includes('gateway')) {
    wanted.push({ variable: 'GATEWAY_PORT', port: env.gatewayPort, address: env.bindAddress });
    wanted.push({ variable: 'EGRESS_PROXY_PORT', port: env.egressProxyPort, address: env.bindAddress });
    wanted.push({ variable: 'METRICS_PORT', port: env.metricsPort, address: '127.0.0.1' });
  }
  const chosen: Record<string, string> = {};
  const deadline = performance.now() + (afterCrash ? AFTER_CRASH_MS : 0);
  for (const { variable, port, address } of wanted) {
    if (port === 0) {
      chosen[variable] = String(await freePort());
      continue;
    }
    let state = await probePort(port, address);
    while (state === 'taken' && performance.now() < deadline) {
      await delay(RETRY_MS);
      state = await probePort(port, address);
    }
    if (state === 'taken') {
      return err({ sentence: `Port ${port} is taken: stop what uses it, or set ${variable} to another one.` });
    }
    if (state === 'forbidden') {
      return err({
        sentence: `Port ${port} on ${address} cannot be opened: set ${variable} or BIND_ADDRESS to another one.`,
      });
    }
  }
  return ok(chosen);
}
