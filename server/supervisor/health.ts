import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Env } from '#lib/server/env.ts';

const ANSWER_WITHIN_MS = 2_000;

/** Whether the role's own listener answers its liveness question with 200. Worker and runner have none and report themselves. */
export function isLive(env: Env, role: 'console' | 'gateway'): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const tls = env.tlsCertFile !== undefined;
  const question = (tls ? requestHttps : requestHttp)(
    {
      host: loopbackFor(env.bindAddress),
      port: role === 'console' ? env.consolePort : env.gatewayPort,
      path: '/health/live',
      // The consoles check the Host header against their public name.
      headers: { host: new URL(role === 'console' ? env.consoleUrl : env.gatewayUrl).host },
      timeout: ANSWER_WITHIN_MS,
      // Our own certificate on our own machine is made for the public name, not for the loopback address.
      ...(tls ? { rejectUnauthorized: false } : {}),
    },
    (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    },
  );
  question.once('timeout', () => question.destroy());
  question.once('error', () => resolve(false));
  question.end();
  return promise;
}

function loopbackFor(bindAddress: string): string {
  if (bindAddress === '0.0.0.0') {
    return '127.0.0.1';
  }
  return bindAddress === '::' ? '::1' : bindAddress;
}
