// `npm run bench -- holds`: what the gateway's memory costs while calls wait for people, and that each of them is decided,
// delivered to its own connection, and run once if it was approved and never if it was denied.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { firstLine, residentMb } from './children/spawn.ts';
import { must, openBenchInstallation } from './fixtures/installation.ts';
import { toolCall } from './fixtures/peers.ts';
import { rounded } from './fixtures/percentile.ts';
import { openSession, runLoad } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const LEVELS = [1_000, 10_000];
/** The most that one agent may have waiting. */
const EACH = 1_000;
const AT_ONCE = 32;

/** People who decide at the same time. */
const DECIDERS = 8;
const COUNTED = z.record(z.string(), z.number());

type Hold = { readonly n: number; readonly socket: Socket; readonly answer: Promise<string> };

const at = await openBenchInstallation();
const holds: Hold[] = [];
try {
  const upstreamUrl = await firstLine(at.start('bench/children/upstream.ts', ['1', 'count']));
  await at.addServer('high', upstreamUrl, 'high');
  await at.addServer('low', upstreamUrl, 'low');
  const tokens: string[] = [];
  for (let n = 0; n * EACH < Math.max(...LEVELS); n++) tokens.push(await at.addAgent(`agent-${n}`, 'high', EACH));
  const warm = await at.addAgent('warm', 'low');
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 0 } });
  const gateway = await at.startGateway();
  at.startWorker();
  // A gateway that has worked already: what its code and its pools take must not count as memory of holds.
  const headers = await openSession(`${gateway.url}/mcp/low`, { authorization: `Bearer ${warm}` });
  await runLoad({ url: `${gateway.url}/mcp/low`, headers, body: (n) => toolCall(n, '{}') }, 64, 3_000);
  const before = residentMb(gateway.child.pid);
  const raw: Record<string, number> = { rss_mb_without_holds: rounded(before) };
  const figures: Record<string, number> = {};
  const url = new URL(gateway.url);
  for (const level of LEVELS) {
    const startedAt = performance.now();
    const opened = level - holds.length;
    let next = holds.length;
    const opener = async () => {
      while (next < level) {
        const n = next++;
        holds.push(await hold(Number(url.port), tokens[Math.floor(n / EACH)] ?? '', n));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, opener));
    const rss = residentMb(gateway.child.pid);
    raw[`rss_mb_at_${level}`] = rounded(rss);
    raw[`opened_per_s_to_${level}`] = rounded((opened / (performance.now() - startedAt)) * 1000);
    figures[level === 10_000 ? 'holds.memory_kb_each' : `holds.memory_kb_each_at_${level}`] = rounded(
      ((rss - before) * 1024) / level,
    );
    const waiting = await at.prisma.approvalRequest.count({ where: { status: 'pending' } });
    if (waiting !== level) throw new Error(`${waiting} requests wait where ${level} should`);
  }
  Object.assign(raw, await decideAll(upstreamUrl));
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('holds.', figures, raw);
} finally {
  for (const { socket } of holds) socket.destroy();
  await at.close();
}

/**
 * Decides every waiting call, every second one against it, and checks what came of each: the answer on the connection that
 * asked, and what the upstream was asked to do. Throws at the first that is not as decided.
 */
async function decideAll(upstreamUrl: string): Promise<Record<string, number>> {
  const waiting = await at.prisma.approvalRequest.findMany({
    where: { status: 'pending' },
    select: { id: true, digest: true },
  });
  const startedAt = performance.now();
  const decided = new Map<string, 'approve' | 'deny'>();
  const decider = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const decision = decided.size % 2 === 0 ? 'approve' : 'deny';
      decided.set(next.id, decision);
      must(await castVote(at, at.admin, { requestId: next.id, decision, digest: next.digest }));
    }
  };
  await Promise.all(Array.from({ length: DECIDERS }, decider));
  const decidedAt = performance.now();
  const answers = await Promise.all(holds.map(async ({ n, answer }) => ({ n, text: await answer })));
  const counted = COUNTED.parse(await (await fetch(new URL('/counted', upstreamUrl))).json());
  let ran = 0;
  for (const { n, text } of answers) {
    const times = counted[`/srv/docs/${n}.md`] ?? 0;
    if (!text.includes(`"id":${n},`)) throw new Error(`call ${n} got the answer of another: ${text.slice(-300)}`);
    const isDenied = text.includes('denied-by-human');
    if (isDenied ? times !== 0 : times !== 1 || !text.includes('"text":"ok"')) {
      throw new Error(`call ${n} ran ${times} times and was told: ${text.slice(-300)}`);
    }
    ran += times;
  }
  const approved = [...decided.values()].filter((decision) => decision === 'approve').length;
  if (answers.length !== decided.size || ran !== approved) {
    throw new Error(`${decided.size} decided, ${approved} of them approved; ${answers.length} delivered, ${ran} run`);
  }
  return {
    decided: decided.size,
    delivered: answers.length,
    approved_and_run_once: ran,
    decided_per_s: rounded((decided.size / (decidedAt - startedAt)) * 1000),
    last_answer_after_last_decision_ms: rounded(performance.now() - decidedAt),
  };
}

/** One connection with one call on it that waits: resolves when the gateway has sent its first sign of life. */
async function hold(port: number, token: string, n: number): Promise<Hold> {
  const body = toolCall(n, JSON.stringify({ path: `/srv/docs/${n}.md`, text: 'lorem ipsum '.repeat(20) }));
  const head = [
    'POST /mcp/high HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'accept: application/json, text/event-stream',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const socket = connect(port, '127.0.0.1');
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  let text = '';
  for (;;) {
    const [chunk]: Buffer[] = await once(socket, 'data');
    text += chunk?.toString('latin1') ?? '';
    if (text.includes(': waiting')) break;
    if (text.includes('"result"') || /^HTTP\/1.1 [45]/.test(text)) throw new Error(`not held: ${text.slice(0, 500)}`);
  }
  socket.on('error', () => undefined);
  return { n, socket, answer: answerOn(socket, text) };
}

/** What the gateway said on a connection up to and with the result. */
function answerOn(socket: Socket, before: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = before;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (/"result":.*\n/.test(text)) resolve(text);
  });
  socket.on('close', () => reject(new Error(`the connection ended without a result: ${text.slice(-300)}`)));
  // Nobody waits for it yet; who does hears of it all the same.
  promise.catch(() => undefined);
  return promise;
}
