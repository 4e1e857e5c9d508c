// `npm run bench -- kill`: from the commit of a kill to the last call that an upstream still received, under load.
// Every kill stops another tool, so that no restore is needed between them. The commit time is PostgreSQL's own, the
// arrival is the upstream's own clock: both on one machine.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { firstLine } from './children/spawn.ts';
import { must, openBenchInstallation } from './fixtures/installation.ts';
import { toolCall } from './fixtures/peers.ts';
import { percentile, rounded } from './fixtures/percentile.ts';
import { hasRun, openSender, openSession } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, 'dry-run': { type: 'boolean', default: false } },
});
const KILLS = Number(values.kills);
const CONNECTIONS = 16;
const WARM_MS = 120;
const SEEN = z.record(z.string(), z.number());

type Trial = { readonly delayMs: number; readonly ranBefore: number; readonly ranAfter: number };

const at = await openBenchInstallation({ commitTimes: true });
try {
  const upstreamUrl = await firstLine(at.start('bench/children/upstream.ts', [String(2 * KILLS)]));
  await at.addServer('fast', upstreamUrl, 'low');
  const token = await at.addAgent('bench', 'fast');
  at.startWorker();
  const seenUrl = new URL('/seen', upstreamUrl);
  const gateways = [(await at.startGateway()).url];
  const one = await trials(0);
  gateways.push((await at.startGateway()).url, (await at.startGateway()).url);
  const three = await trials(KILLS);

  async function trials(from: number): Promise<Trial[]> {
    const sessions = await Promise.all(
      gateways.map((url) => openSession(`${url}/mcp/fast`, { authorization: `Bearer ${token}` })),
    );
    const all: Trial[] = [];
    for (let n = from; n < from + KILLS; n++) all.push(await trial(`tool-${n}`, sessions));
    return all;
  }

  async function trial(tool: string, sessions: readonly Record<string, string>[]): Promise<Trial> {
    const body = (id: number) => toolCall(id, '{"path":"/srv/docs/readme.md"}', tool);
    const senders = gateways.map((url, n) =>
      openSender({ url: `${url}/mcp/fast`, headers: sessions[n] ?? {}, body }, CONNECTIONS),
    );
    let running = true;
    let killed = false;
    let ranBefore = 0;
    let ranAfter = 0;
    let next = 1;
    const loop = async (sender: (typeof senders)[number]) => {
      while (running) {
        const sentAfter = killed;
        if (!hasRun(await sender.send(next++))) continue;
        if (sentAfter) ranAfter++;
        else ranBefore++;
      }
    };
    const loops = senders.flatMap((sender) => Array.from({ length: CONNECTIONS }, () => loop(sender)));
    await delay(WARM_MS);
    const patience = performance.now() + 5_000;
    while (ranBefore < CONNECTIONS && performance.now() < patience) await delay(10);
    const scope = `tool:fast/${tool}`;
    must(await kill(at, at.admin, { scope, reason: 'benchmark' }));
    killed = true;
    await delay(WARM_MS);
    running = false;
    await Promise.all(loops);
    await Promise.all(senders.map((sender) => sender.close()));
    if (ranBefore === 0) throw new Error('no call ran before the kill');
    const lastAt = SEEN.parse(await (await fetch(seenUrl)).json())[tool] ?? 0;
    const [row] = await at.prisma.$queryRaw<{ ms: number }[]>`
      SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS ms FROM kill_state WHERE scope = ${scope}`;
    if (row === undefined) throw new Error('the kill is not on record');
    return { delayMs: Math.max(0, lastAt - row.ms), ranBefore, ranAfter };
  }

  const summary = (all: readonly Trial[]) => ({
    kills: all.length,
    p50_ms: rounded(percentile(of(all), 0.5)),
    p95_ms: rounded(percentile(of(all), 0.95)),
    p99_ms: rounded(percentile(of(all), 0.99)),
    max_ms: rounded(Math.max(...of(all))),
    calls_run: all.reduce((sum, { ranBefore }) => sum + ranBefore, 0),
    calls_sent_after_the_kill_that_ran: all.reduce((sum, { ranAfter }) => sum + ranAfter, 0),
  });
  const raw = { one_gateway: summary(one), three_gateways: summary(three), connections_each: CONNECTIONS };
  const figures = {
    'kill.commit_to_last_byte_ms.p50': raw.one_gateway.p50_ms,
    'kill.commit_to_last_byte_ms.p99': raw.one_gateway.p99_ms,
    'kill3.commit_to_last_byte_ms.p50': raw.three_gateways.p50_ms,
    'kill3.commit_to_last_byte_ms.p99': raw.three_gateways.p99_ms,
  };
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('kill', figures, raw);
} finally {
  await at.close();
}

function of(all: readonly Trial[]): number[] {
  return all.map(({ delayMs }) => delayMs);
}
