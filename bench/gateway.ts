// `npm run bench -- gateway`: calls through the gateway against the floors, all targets in turn within one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { createAgent } from '#lib/server/agents/create-agent.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { createSetupLink } from '#lib/server/people/create-setup-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { startEmbedded } from '#lib/server/postgres/embedded.ts';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { acceptTools } from '#lib/server/servers/accept-tools.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { type Child, childrenOf, cpuSeconds, firstLine, residentMb, startChild } from './children/spawn.ts';
import { type LoadResult, type LoadTarget, median, openSession, runLoad } from './load.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '1500' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(values.rounds);
const MS = Number(values.ms);
const CONNECTIONS = [1, 16, 64];
const RULES = 100;

type Target = LoadTarget & { readonly name: string; readonly pids: () => number[] };

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const started = await startEmbedded({ dataDir });
if (!started.ok) throw new Error(started.error.sentence);
const postgres = started.value;
const children: Child[] = [];
const keep = (child: Child) => {
  children.push(child);
  return child;
};

try {
  const migrated = await migrate(postgres.url);
  if (!migrated.ok) throw new Error(migrated.error.sentence);
  const echo = keep(startChild('bench/children/echo.ts'));
  const echoUrl = await firstLine(echo);
  const proxy = keep(startChild('bench/children/reverse-proxy.ts', [echoUrl]));
  const proxyUrl = await firstLine(proxy);
  const { token } = await prepare(echoUrl);
  const port = await freePort();
  const gateway = keep(
    startChild('server/gateway.ts', [], {
      DATABASE_URL: postgres.url,
      COUNTERSIGN_DATA_DIR: dataDir,
      GATEWAY_PORT: String(port),
      METRICS_PORT: '0',
      LOG_LEVEL: 'error',
    }),
  );
  const worker = keep(
    startChild('server/worker.ts', [], {
      DATABASE_URL: postgres.url,
      COUNTERSIGN_DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
    }),
  );
  await ready(port);
  const gatewayUrl = `http://127.0.0.1:${port}/mcp/echo`;
  const session = await openSession(gatewayUrl, { authorization: `Bearer ${token}` });
  const body = bodyOf1Kb();
  const targets: Target[] = [
    { name: 'direct', url: echoUrl, headers: {}, body, pids: () => [echo.pid] },
    { name: 'proxy', url: proxyUrl, headers: {}, body, pids: () => [proxy.pid] },
    { name: 'gateway', url: gatewayUrl, headers: session, body, pids: () => [gateway.pid] },
  ];
  const postgresPids = () => [postgres.pid() ?? 0, ...childrenOf(postgres.pid() ?? 0)];
  for (const target of targets) await runLoad(target, 16, MS);

  const results = new Map<string, (LoadResult & { cpuUs: number; postgresUs: number })[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const connections of CONNECTIONS) {
      for (const target of targets) {
        const before = { own: cpuSeconds(target.pids()), postgres: cpuSeconds(postgresPids()) };
        const result = await runLoad(target, connections, MS);
        const perCall = (seconds: number) => (seconds / result.calls) * 1e6;
        const key = `${target.name}.c${connections}`;
        const measured = {
          ...result,
          cpuUs: perCall(cpuSeconds(target.pids()) - before.own),
          postgresUs: perCall(cpuSeconds(postgresPids()) - before.postgres),
        };
        results.set(key, [...(results.get(key) ?? []), measured]);
      }
    }
  }
  report(results, residentMb(gateway.pid), worker.pid);
} finally {
  await Promise.all(children.map((child) => child.stop()));
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

type Measured = LoadResult & { readonly cpuUs: number; readonly postgresUs: number };

function report(results: ReadonlyMap<string, readonly Measured[]>, rssMb: number, workerPid: number): void {
  const of = (key: string, field: keyof Measured) => median((results.get(key) ?? []).map((one) => one[field]));
  const round = (value: number) => Number(value.toPrecision(3));
  const figures: Record<string, number> = { 'gateway.rss_mb': round(rssMb) };
  const lines = ['target      conns   calls/s   p50 ms   p95 ms   p99 ms   cpu µs/call   postgres µs/call'];
  for (const key of results.keys()) {
    const [name = '', conns = ''] = key.split('.c');
    const cells = [
      of(key, 'perSecond').toFixed(0),
      ...(['p50Ms', 'p95Ms', 'p99Ms'] as const).map((f) => of(key, f).toFixed(2)),
    ];
    cells.push(of(key, 'cpuUs').toFixed(0), name === 'gateway' ? of(key, 'postgresUs').toFixed(0) : '');
    lines.push([name.padEnd(10), conns.padStart(6), ...cells.map((cell) => cell.padStart(9))].join(' '));
  }
  for (const connections of CONNECTIONS) {
    const ratio = of(`gateway.c${connections}`, 'p50Ms') / of(`proxy.c${connections}`, 'p50Ms');
    figures[`gateway.low.c${connections}.p50_ratio`] = round(ratio);
    figures[`gateway.low.c${connections}.rate_ratio`] = round(
      of(`gateway.c${connections}`, 'perSecond') / of(`proxy.c${connections}`, 'perSecond'),
    );
  }
  figures['gateway.low.c64.cpu_us'] = round(of('gateway.c64', 'cpuUs'));
  figures['gateway.low.c64.postgres_cpu_us'] = round(of('gateway.c64', 'postgresUs'));
  process.stdout.write(`${lines.join('\n')}\n\n${JSON.stringify(figures, null, 2)}\n`);
  if (workerPid > 0 && values['dry-run'] !== true) writeResults('gateway.', figures, Object.fromEntries(results));
}

/** A first admin, the echo server accepted as low risk, one agent, and a policy of rules that match something else. */
async function prepare(echoUrl: string): Promise<{ token: string }> {
  const prisma = createPrisma(postgres.url, { max: 2 });
  const keys = loadKeys(dataDir);
  const deps = { prisma, keys };
  const link = await createSetupLink(prisma, 'http://localhost:3000');
  const admin = await redeemLink(deps, {
    token: link?.token ?? '',
    email: 'bench@example.com',
    name: 'Bench',
    password: 'a password for measuring',
  });
  if (!admin.ok) throw new Error(admin.error.code);
  const actor: HumanPrincipal = {
    kind: 'human',
    id: admin.value.personId,
    name: 'Bench',
    email: 'bench@example.com',
    roles: ['admin', 'reviewer', 'security'],
    sessionId: '00000000-0000-7000-8000-000000000000',
    reauthAt: new Date(),
  };
  const port = Number(new URL(echoUrl).port);
  const egress = {
    scheme: 'http' as const,
    host: '127.0.0.1',
    port,
    path: '/mcp',
    cidr: '127.0.0.1/32',
    reason: 'benchmark',
    expires: null,
  };
  must(
    await registerServer(deps, actor, {
      transport: 'http',
      name: 'echo',
      url: echoUrl,
      tier: 'high',
      description: '',
      egress,
    }),
  );
  must(await scanServer(deps, actor, 'echo'));
  const tools = await prisma.tool.findMany();
  must(
    await acceptTools(
      deps,
      actor,
      'echo',
      tools.map((tool) => ({ name: tool.name, digest: tool.definitionDigest })),
    ),
  );
  must(await changeTool(deps, actor, 'echo', 'echo', { tier: 'low', reason: 'benchmark' }));
  must(
    await createAgent(deps, actor, {
      name: 'bench',
      client: 'sdk',
      requestTimeoutMs: null,
      pendingCap: 20,
      servers: ['echo'],
      aggregate: false,
    }),
  );
  const rules = Array.from({ length: RULES }, (_, n) => ({
    name: `rule-${n}`,
    when: { servers: [`server-${n}`], classes: ['deploy'] },
    // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
    then: 'deny',
  }));
  await prisma.policyVersion.create({ data: { rules, contentHash: 'benchmark' } });
  const issued = must(await issueToken(deps, actor, 'bench', { audience: '/mcp/echo', ttlS: 86_400 }));
  await prisma.$disconnect();
  return { token: issued.token };
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly code: string } },
): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

/** A call with 1 KB of arguments; the id differs, the rest does not. */
function bodyOf1Kb(): (n: number) => string {
  const args = JSON.stringify({
    path: '/srv/docs/readme.md',
    lines: [1, 40],
    text: 'lorem ipsum dolor sit amet '.repeat(36),
  });
  return (n) => `{"jsonrpc":"2.0","id":${n},"method":"tools/call","params":{"name":"echo","arguments":${args}}}`;
}

async function ready(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the gateway did not become ready');
}
