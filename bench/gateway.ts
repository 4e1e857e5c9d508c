// `npm run bench -- gateway`: calls through the gateway against the floors and the peers, all in turn within one run.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Child, cpuSeconds, firstLine, residentMb } from './children/spawn.ts';
import { type BenchInstallation, openBenchInstallation } from './fixtures/installation.ts';
import { startPeers, toolCall } from './fixtures/peers.ts';
import { rounded } from './fixtures/percentile.ts';
import { type LoadResult, type LoadTarget, median, openSession, runLoad } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '1200' },
    /** Measure and print, but leave the results file alone. */
    'dry-run': { type: 'boolean', default: false },
    /** Leave out the peers, the SDK upstream and the large arguments. */
    floors: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(values.rounds);
const MS = Number(values.ms);
const RULES = 100;
/** Ours, with all processes running and with the sequencer asleep: the figures' names and the targets'. */
const OWN = [
  ['low', 'gateway'],
  ['low_unsequenced', 'gateway unsequenced'],
  ['high_granted', 'gateway granted'],
] as const;
/** A grant is good for ten thousand calls, which is some seconds here. */
const GRANTS = 60;

type Target = LoadTarget & {
  readonly name: string;
  readonly child: Child;
  readonly connections: readonly number[];
  /** Done right before its turn. */
  readonly prepare?: () => void;
  /** What must be finished before the next target's turn, so that it does not pay for this one's. */
  readonly settle?: () => Promise<void>;
};
type Measured = LoadResult & { readonly cpuUs: number; readonly postgresUs: number };

const at = await openBenchInstallation();
try {
  const { targets, gateway } = await startTargets(at);
  for (const target of targets) {
    target.prepare?.();
    await runLoad(target, 16, MS);
    await target.settle?.();
  }
  const results = new Map<string, Measured[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const connections of [1, 16, 64]) {
      for (const target of targets) {
        if (!target.connections.includes(connections)) continue;
        const key = `${target.name} c${connections}`;
        const measured = await measure(target, connections);
        results.set(key, [...(results.get(key) ?? []), measured]);
        await target.settle?.();
      }
    }
  }
  report(results, residentMb(gateway.pid));
} finally {
  await at.close();
}

async function startTargets(at: BenchInstallation): Promise<{ targets: Target[]; gateway: Child }> {
  const fast = at.start('bench/children/upstream.ts');
  const fastUrl = await firstLine(fast);
  const proxy = at.start('bench/children/reverse-proxy.ts', [fastUrl]);
  const proxyUrl = await firstLine(proxy);
  await at.addServer('fast', fastUrl, 'low');
  const sdk = at.start('bench/children/sdk-upstream.ts');
  const sdkUrl = await firstLine(sdk);
  const sdkProxy = at.start('bench/children/reverse-proxy.ts', [sdkUrl]);
  const sdkProxyUrl = await firstLine(sdkProxy);
  await at.addServer('sdk', sdkUrl, 'low');
  await at.addServer('granted', fastUrl, 'high');
  const tokens = {
    fast: await at.addAgent('bench', 'fast'),
    sdk: await at.addAgent('bench-sdk', 'sdk'),
    granted: await at.addAgent('bench-granted', 'granted'),
  };
  await at.setRules(RULES);
  await at.addGrants('bench-granted', 'granted', 'tool-0', GRANTS);
  const gateway = await at.startGateway();
  const worker = at.startWorker();
  const through = (server: 'fast' | 'sdk' | 'granted') =>
    openSession(`${gateway.url}/mcp/${server}`, { authorization: `Bearer ${tokens[server]}` });

  const small = (n: number) => toolCall(n, argumentsOf(1_000));
  const large64k = argumentsOf(64 * 1024);
  const large = (n: number) => toolCall(n, large64k);
  const all = [1, 16, 64];
  const settle = () => inboxEmpty(at);
  const own = { child: gateway.child, settle };
  const session = { headers: await through('fast') };
  const gatewayUrl = `${gateway.url}/mcp/fast`;
  const floors: Target[] = [
    { name: 'direct', child: fast, url: fastUrl, headers: {}, body: small, connections: all },
    { name: 'proxy', child: proxy, url: proxyUrl, headers: {}, body: small, connections: all },
    { ...own, ...session, name: 'gateway', url: gatewayUrl, body: small, connections: all },
    {
      // What a call alone costs: the sequencer, which works for nobody's answer, sleeps meanwhile and catches up after.
      ...own,
      ...session,
      name: 'gateway unsequenced',
      url: gatewayUrl,
      body: small,
      connections: all,
      prepare: () => worker.process.kill('SIGSTOP'),
      settle: () => {
        worker.process.kill('SIGCONT');
        return settle();
      },
    },
  ];
  // Held for people by its tier; a grant is spent for each call, and the outcome is durable before the answer.
  floors.push({
    ...own,
    name: 'gateway granted',
    url: `${gateway.url}/mcp/granted`,
    headers: await through('granted'),
    body: small,
    connections: all,
  });
  if (values.floors) return { targets: floors, gateway: gateway.child };
  const peers = await startPeers(at, fastUrl, argumentsOf(1_000));
  const sdkSession = { headers: await openSession(sdkUrl, {}) };
  const some = [1, 16];
  const targets: Target[] = [
    ...floors,
    ...peers.map((peer) => ({ ...peer, connections: all })),
    { name: 'proxy 64k', child: proxy, url: proxyUrl, headers: {}, body: large, connections: [16] },
    { ...own, ...session, name: 'gateway 64k', url: gatewayUrl, body: large, connections: [16] },
    { ...sdkSession, name: 'direct sdk', child: sdk, url: sdkUrl, body: small, connections: some },
    { ...sdkSession, name: 'proxy sdk', child: sdkProxy, url: sdkProxyUrl, body: small, connections: some },
    {
      ...own,
      name: 'gateway sdk',
      url: `${gateway.url}/mcp/sdk`,
      headers: await through('sdk'),
      body: small,
      connections: some,
    },
  ];
  return { targets, gateway: gateway.child };
}

async function measure(target: Target, connections: number): Promise<Measured> {
  target.prepare?.();
  const pids = at.postgresPids();
  const before = { own: cpuSeconds([target.child.pid]), postgres: cpuSeconds(pids) };
  const result = await runLoad(target, connections, MS);
  const perCall = (seconds: number) => (seconds / result.calls) * 1e6;
  return {
    ...result,
    cpuUs: perCall(cpuSeconds([target.child.pid]) - before.own),
    postgresUs: perCall(cpuSeconds(pids) - before.postgres),
  };
}

/** The sequencer works on after the load has ended; the next target must not share the processor with it. */
async function inboxEmpty(at: BenchInstallation): Promise<void> {
  const rowsLeft = async () => {
    const [row] = await at.prisma.$queryRaw<{ left: boolean }[]>`SELECT EXISTS (SELECT FROM audit_inbox) AS left`;
    return row?.left !== false;
  };
  const deadline = performance.now() + 60_000;
  while (await rowsLeft()) {
    if (performance.now() > deadline) throw new Error('the sequencer does not keep up');
    await delay(50);
  }
}

function report(results: ReadonlyMap<string, readonly Measured[]>, rssMb: number): void {
  const of = (key: string, field: keyof Measured) => {
    const measured = results.get(key);
    return measured === undefined ? Number.NaN : median(measured.map((one) => one[field]));
  };
  const figures: Record<string, number> = { 'gateway.rss_mb': rounded(rssMb) };
  // A ratio with something that was not measured is not a number, and is left out.
  const put = (key: string, value: number) => {
    if (Number.isFinite(value)) figures[key] = rounded(value);
  };
  const ratio = (field: 'p50Ms' | 'perSecond', above: string, below: string) => of(above, field) / of(below, field);
  for (const c of [1, 16, 64]) {
    for (const [key, name] of OWN) {
      put(`gateway.${key}.c${c}.p50_ratio`, ratio('p50Ms', `${name} c${c}`, `proxy c${c}`));
      put(`gateway.${key}.c${c}.rate_ratio`, ratio('perSecond', `${name} c${c}`, `proxy c${c}`));
    }
    const best = Math.max(...['civic', 'mcp-hub', 'mcp-proxy'].map((peer) => of(`${peer} c${c}`, 'perSecond')));
    put(`gateway.low.c${c}.rate_vs_best_peer`, of(`gateway c${c}`, 'perSecond') / best);
    put(`gateway.real_upstream.c${c}.p50_ratio`, ratio('p50Ms', `gateway sdk c${c}`, `proxy sdk c${c}`));
  }
  put('gateway.64k.c16.p50_ratio', ratio('p50Ms', 'gateway 64k c16', 'proxy 64k c16'));
  for (const [key, name] of OWN) {
    put(`gateway.${key}.c64.cpu_us`, of(`${name} c64`, 'cpuUs'));
    put(`gateway.${key}.c64.postgres_cpu_us`, of(`${name} c64`, 'postgresUs'));
  }

  const rows = [...results.keys()].map((key) => ({
    target: key,
    calls_per_s: Math.round(of(key, 'perSecond')),
    p50_ms: rounded(of(key, 'p50Ms')),
    p95_ms: rounded(of(key, 'p95Ms')),
    p99_ms: rounded(of(key, 'p99Ms')),
    cpu_us: rounded(of(key, 'cpuUs')),
    ...(key.startsWith('gateway') ? { postgres_us: rounded(of(key, 'postgresUs')) } : {}),
  }));
  for (const row of rows) {
    const { target, ...cells } = row;
    const line = Object.entries(cells).map(([name, value]) => `${name} ${String(value).padStart(6)}`);
    process.stdout.write(`${target.padEnd(24)} ${line.join('  ')}\n`);
  }
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (values['dry-run'] !== true) writeResults('gateway.', figures, { rounds: ROUNDS, ms_each: MS, medians: rows });
}

/** Arguments of about so many bytes: a path, some numbers, and text. */
function argumentsOf(bytes: number): string {
  const words = 'lorem ipsum dolor sit amet ';
  const text = words.repeat(Math.ceil(bytes / words.length)).slice(0, bytes - 60);
  return JSON.stringify({ path: '/srv/docs/readme.md', lines: [1, 40], text });
}
