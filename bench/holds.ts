// `npm run bench -- holds`: what the gateway's memory costs while calls wait for people.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { firstLine, residentMb } from './children/spawn.ts';
import { openBenchInstallation } from './fixtures/installation.ts';
import { toolCall } from './fixtures/peers.ts';
import { rounded } from './fixtures/percentile.ts';
import { openSession, runLoad } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
const LEVELS = [1_000, 10_000];
/** The most that one agent may have waiting. */
const EACH = 1_000;
const AT_ONCE = 32;

const at = await openBenchInstallation();
const sockets: Socket[] = [];
try {
  const upstreamUrl = await firstLine(at.start('bench/children/upstream.ts'));
  await at.addServer('high', upstreamUrl, 'high');
  await at.addServer('low', upstreamUrl, 'low');
  const tokens: string[] = [];
  for (let n = 0; n * EACH < Math.max(...LEVELS); n++) tokens.push(await at.addAgent(`agent-${n}`, 'high', EACH));
  const warm = await at.addAgent('warm', 'low');
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
    const opened = level - sockets.length;
    let next = sockets.length;
    const opener = async () => {
      while (next < level) {
        const n = next++;
        sockets.push(await hold(Number(url.port), tokens[Math.floor(n / EACH)] ?? '', n));
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
  process.stdout.write(`${JSON.stringify({ figures, raw }, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('holds.', figures, raw);
} finally {
  for (const socket of sockets) socket.destroy();
  await at.close();
}

/** One connection with one call on it that waits: resolves when the gateway has sent its first sign of life. */
async function hold(port: number, token: string, n: number): Promise<Socket> {
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
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  return socket;
}
