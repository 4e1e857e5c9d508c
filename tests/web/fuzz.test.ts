// Somebody without a token or a session sends everything that can be sent, to everything that answers.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { openApiDocument } from '#lib/contracts/openapi.ts';
import { ROUTES } from '#lib/contracts/routes.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RunningConsole, startConsole, visit } from '#tests/fixtures/console.ts';
import { startTestGateway } from '#tests/fixtures/gateway.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { commandRequest } from './fuzz/command-names.ts';
import { createRandom } from './fuzz/random.ts';
import { closeFuzz, requestLine, sendFuzz, sendRaw } from './fuzz/send.ts';
import { type FuzzTarget, fuzzRequest, rawRequests } from './fuzz/shapes.ts';
import { auditTypes, tableHashes } from './fuzz/table-hashes.ts';

const GATEWAY_REQUESTS = 14_000;
const CONSOLE_REQUESTS = 6_400;
const COMMAND_REQUESTS = 600;
const AT_ONCE = 24;
/** Failed sign-ins are told to the log; from one address so many a window, and then no more (lib/server/auth/sign-in.ts). */
const MOST_TOLD = 200;
const ANYWHERE = ['/', '//', '/..;/', '/favicon.ico', '/health/live', '/metrics', '/{x}', '/{x}/{x}', '/robots.txt'];
const GATEWAY_PATHS = [
  ...ANYWHERE,
  '/mcp',
  '/mcp/files',
  '/mcp/{x}',
  '/oauth/token',
  '/oauth/introspect',
  '/oauth/revoke',
  '/oauth/authorize',
  '/.well-known/{x}',
  '/.well-known/jwks.json',
  '/.well-known/oauth-protected-resource/{x}',
  '/api/v1/context',
  '/hooks/{x}',
];
const CONSOLE_PATHS = [
  ...ANYWHERE,
  '/sign-in',
  '/setup',
  '/approvals/{x}',
  '/agents/{x}',
  '/servers/{x}',
  '/policies/{x}',
  '/download/countersign.mjs',
  '/_next/static/{x}',
  '/_next/image',
  '/api/auth/{x}',
  '/api/auth/callback/{x}',
  '/api/auth/csrf',
  '/socket.io/',
  '/api/v1/{x}',
];

const PATHS = z
  .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
  .parse(openApiDocument('0')).paths;
const given = Number(process.env.CS_FUZZ_SEED);
const seed = Number.isInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);

let at: Installation;
let held: HeldCalls;
let gateway: Gateway;
let running: RunningConsole;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  // Something to change, if anything could be changed.
  await held.hold();
  gateway = await startTestGateway(at);
  running = await startConsole(at);
});
after(async () => {
  closeFuzz();
  await gateway.close();
  await running.stop();
  await held.close();
  await at.close();
});

/** The names of the members that a route's body takes, so that wrong values land in right places. */
function membersOf(method: string, path: string): readonly string[] {
  const operation = PATHS[path]?.[method.toLowerCase()] ?? {};
  const found = [...JSON.stringify(operation).matchAll(/"(\w+)":\{/g)];
  return [...new Set(found.flatMap(([, name]) => (name === undefined ? [] : [name])))].slice(0, 20);
}

const listed = (kinds: readonly string[]): FuzzTarget[] =>
  ROUTES.filter(({ access }) => kinds.includes(access.kind)).map(({ method, path }) => ({
    method,
    path,
    members: membersOf(method, path),
  }));
const plain = (paths: readonly string[]): FuzzTarget[] =>
  paths.flatMap((path) => ['GET', 'POST'].map((method) => ({ method, path, members: ['params', 'token', 'x'] })));

async function fuzz(port: number, host: string, targets: readonly FuzzTarget[], count: number, from: number) {
  const random = createRandom(from);
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  let slowest = 0;
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const request = fuzzRequest(random, random.pick(targets));
      const seen = await sendFuzz(port, host, request);
      statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
      slowest = Math.max(slowest, Math.round(seen.ms));
      if (seen.status >= 500) faults.push(`${seen.status} ${requestLine(request)} -> ${seen.text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { faults, statuses, slowest };
}

function countsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

test('over 20,000 requests of a stranger yield no 5xx, no hang and no change', { timeout: 240_000 }, async (t) => {
  t.diagnostic(`seed ${seed}: CS_FUZZ_SEED=${seed} repeats this run`);
  const before = await tableHashes(at.prisma);
  const toldBefore = await auditTypes(at.prisma);
  const agents = [...listed(['agent']), ...plain(GATEWAY_PATHS)];
  const people = [...listed(['human', 'public', 'agent', 'signed']), ...plain(CONSOLE_PATHS)];
  const [one, two] = await Promise.all([
    fuzz(gateway.port, `127.0.0.1:${gateway.port}`, agents, GATEWAY_REQUESTS, seed),
    fuzz(running.port, `localhost:${running.port}`, people, CONSOLE_REQUESTS, seed + 1),
  ]);
  for (const [name, { statuses, slowest }] of Object.entries({ gateway: one, console: two })) {
    t.diagnostic(
      `${name}: ${[...statuses]
        .sort()
        .map(([status, count]) => `${status} × ${count}`)
        .join(', ')}; the slowest took ${slowest} ms`,
    );
  }
  assert.deepEqual([...one.faults, ...two.faults].slice(0, 10), []);
  assert.deepEqual(await tableHashes(at.prisma), before);
  const told = (await auditTypes(at.prisma)).slice(toldBefore.length);
  t.diagnostic(`told to the log: ${JSON.stringify(Object.fromEntries(countsOf(told)))}`);
  // The console opens its door to agents with the first request for it, and says so once.
  assert.ok((countsOf(told).get('process.started') ?? 0) <= 1);
  assert.deepEqual(
    told.filter((type) => type !== 'person.sign-in-failed' && type !== 'process.started'),
    [],
  );
  assert.ok(told.length <= MOST_TOLD, `${told.length} events were written for strangers`);
});

test('bytes that are no request yield no 5xx, and both go on answering', { timeout: 120_000 }, async () => {
  const before = await tableHashes(at.prisma);
  for (const [port, host] of [
    [gateway.port, `127.0.0.1:${gateway.port}`],
    [running.port, `localhost:${running.port}`],
  ] as const) {
    const answers = await Promise.all(
      rawRequests(host).map(async (bytes) => ({ bytes: bytes.slice(0, 120), text: await sendRaw(port, bytes) })),
    );
    // 501 and 505 are Node's own for a transfer coding or a version that it does not have.
    const faults = answers.filter(({ text }) => /(^|\r\n)HTTP\/1\.[01] 5(?!0[15])\d\d/.test(text));
    assert.deepEqual(faults, []);
    const health = await sendFuzz(port, host, { method: 'GET', path: '/health/live', headers: {}, body: null });
    assert.equal(health.status, 200);
  }
  assert.deepEqual(await tableHashes(at.prisma), before);
});

test('no name of a command that an admin’s session sends makes a server, a command or a proposal', async (t) => {
  const admin = visit(running);
  assert.equal((await admin.signIn(at.admin.email)).status, 200);
  const random = createRandom(seed + 2);
  const rows = async () => [
    await at.prisma.server.count(),
    await at.prisma.stdioCommand.count(),
    await at.prisma.commandProposal.count(),
  ];
  const before = await rows();
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let left = COMMAND_REQUESTS;
  const worker = async () => {
    while (left-- > 0) {
      const { method, path, body } = commandRequest(random);
      const { status, text } = await admin.send(method, path, body === undefined ? {} : { body });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      // Without a name the path ends in a slash, and Next says where the path without it is.
      const elsewhere = status === 308 && path.endsWith('/');
      if (!elsewhere && (status < 400 || status >= 500 || status === 401)) {
        wrong.push(`${status} ${method} ${path} ${JSON.stringify(body)} -> ${text.slice(0, 200)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  t.diagnostic(`seed ${seed}: ${JSON.stringify(Object.fromEntries(statuses))}`);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.deepEqual(await rows(), before);
});

test('a changed row is seen (the check can fail)', async () => {
  const before = await tableHashes(at.prisma);
  await at.prisma.agent.updateMany({ data: { pendingCap: 19 } });
  assert.notDeepEqual(await tableHashes(at.prisma), before);
});
