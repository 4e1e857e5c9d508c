// A process of the demo: two agents that keep calling through the real gateway, as strangers would.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { stopWithSupervisor } from '../lifetime.ts';
import { AGENT_CONFIG } from './agent-config.ts';
import { createMcpAgent } from './mcp-agent.ts';
import { createReleaseAgent } from './release-agent.ts';
import { dangerousCall, openingCalls, quietCall, releaseCall, type ScriptedCall } from './script.ts';
import { tokenSource } from './token-source.ts';

const MOST_WAITING = 6;
const FIRST_PAUSE_MS = 1_500;

const stop = new AbortController();
const running = new Set<Promise<void>>();

const [message] = await once(process, 'message');
const { gatewayUrl, workspace, demoAgent, releaseBot } = AGENT_CONFIG.parse(message);
const stopped = stop.signal;
const mcp = createMcpAgent({
  gatewayUrl,
  token: tokenSource({ ...demoAgent, gatewayUrl, audience: '/mcp' }),
  stopped,
});
const release = createReleaseAgent({
  gatewayUrl,
  token: tokenSource({ ...releaseBot, gatewayUrl, audience: '/api/v1/calls' }),
  workspace,
  stopped,
});

stopWithSupervisor(true, async () => {
  stop.abort();
  await mcp.close();
  await Promise.allSettled(running);
});

function between(fromMs: number, toMs: number): number {
  return fromMs + Math.random() * (toMs - fromMs);
}

function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { signal: stopped }).catch(() => undefined);
}

function track(work: Promise<void>): void {
  running.add(work);
  work.finally(() => running.delete(work));
}

async function keepQuiet(): Promise<void> {
  for (let n = 0; !stopped.aborted; n++) {
    const look: ScriptedCall = {
      server: 'release-host',
      tool: 'service_status',
      arguments: { service: 'checkout-api', n },
    };
    await (n % 7 === 6 ? release.run(look) : mcp.run(quietCall(n)));
    await pause(between(3_000, 7_000));
  }
}

async function keepDangerous(): Promise<void> {
  let waiting = 0;
  // Another start must not ask for what an earlier one has asked for already.
  const first = Math.floor(Date.now() / 60_000) % 500;
  const ask = (running: Promise<void>) => {
    waiting += 1;
    track(
      running.finally(() => {
        waiting -= 1;
      }),
    );
  };
  // These come quickly, so that the inbox is not empty when somebody opens it.
  for (const { by, call } of openingCalls(first)) {
    await pause(FIRST_PAUSE_MS);
    if (!stopped.aborted) ask(by === 'mcp' ? mcp.run(call) : release.run(call));
  }
  for (let n = 0; !stopped.aborted; n++) {
    await pause(between(30_000, 60_000));
    if (waiting >= MOST_WAITING || stopped.aborted) continue;
    const number = first + n;
    ask(n % 2 === 0 ? mcp.run(dangerousCall(number)) : release.run(releaseCall(number)));
  }
}

await Promise.all([keepQuiet(), keepDangerous()]);
