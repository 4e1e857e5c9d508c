// The authorisation matrix: every route of the table, by everybody there is, on a real console.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ROUTES, type Route } from '#lib/contracts/routes.ts';
import type { Role } from '#lib/core/identity/principals.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type Answer, type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const NOWHERE = '01900000-0000-7000-8000-000000000000';
/** No policy gets this far. */
const NO_VERSION = '2147483647';
/** Right in form, so that what refuses is not the form. */
const NO_NAME = 'nowhere';
const NO_IDENTITY = 'agent:nowhere';
const ROLES: readonly Role[] = ['admin', 'reviewer', 'security'];

let at: Installation;
let held: HeldCalls;
let running: RunningConsole;
let agentToken: string;
const people = new Map<Role, Visitor>();
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  running = await startConsole(at);
  for (const role of ROLES) {
    await addPerson(at, `only-${role}`, [role]);
    const visitor = visit(running);
    assert.equal((await visitor.signIn(`only-${role}@example.com`)).status, 200);
    people.set(role, visitor);
  }
  const issued = await issueToken(at, at.admin, 'runner', { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  agentToken = issued.value.token;
});
after(async () => {
  await running.stop();
  await held.close();
  await at.close();
});

/** A request that passes every check of shape, so that only permission can refuse it, and that changes nothing. */
async function ask(visitor: Visitor, route: Route, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const isVote = route.path.endsWith('/votes');
  const request = isVote ? await held.hold() : null;
  const path = route.path
    .replace('{version}', NO_VERSION)
    .replace('{name}', NO_NAME)
    .replace('{identity}', NO_IDENTITY)
    .replace(/\{\w+\}/g, request?.id ?? NOWHERE);
  const body = request === null ? {} : { decision: 'deny', digest: request.digest };
  return visitor.send(route.method, path, route.method === 'GET' ? { headers } : { body, headers });
}

function visitorOf(role: Role): Visitor {
  const visitor = people.get(role);
  if (visitor === undefined) throw new Error(`nobody holds ${role}`);
  return visitor;
}

const humanRoutes = ROUTES.flatMap((route) =>
  route.access.kind === 'human' ? [{ route, roles: route.access.roles }] : [],
);
const name = (route: Route) => `${route.method} ${route.path}`;

test('every route file is in the table with its methods, and every row has its file', () => {
  const files = globSync('app/api/**/route.ts').flatMap((file) => {
    const path = `/${file
      .replace(/^app\//, '')
      .replace(/\/route\.ts$/, '')
      .replace(/\[(\w+)\]/g, '{$1}')}`;
    const source = readFileSync(file, 'utf8');
    const methods = [...source.matchAll(/\b(?:const|function|as) (GET|POST|PUT|PATCH|DELETE)\b/g)].map(
      ([, method]) => method,
    );
    return methods.map((method) => `${method} ${path}`);
  });
  // One file answers for next-auth; its three actions are rows of their own, and it refuses all others.
  const catchAll = files.filter((file) => file.includes('[...'));
  assert.deepEqual(catchAll, ['GET /api/auth/[...nextauth]', 'POST /api/auth/[...nextauth]']);
  const listed = ROUTES.map(name).filter((row) => !row.includes('/api/auth/'));
  assert.deepEqual(files.filter((file) => !file.includes('[...')).sort(), listed.sort());
  assert.ok(files.length > 20);
});

test('nobody gets in without a session', async () => {
  for (const { route } of humanRoutes) {
    const answer = await ask(visit(running), route);
    assert.deepEqual([answer.status, answer.code], [401, 'not-signed-in'], name(route));
  }
});

test('each role may do exactly what the table says', async () => {
  const wrong: string[] = [];
  for (const { route, roles } of humanRoutes) {
    for (const role of ROLES) {
      const { status, code } = await ask(visitorOf(role), route);
      const allowed = roles.length === 0 || roles.includes(role);
      const fits = allowed
        ? status !== 401 && status !== 403 && status < 500
        : status === 403 && code === 'not-allowed';
      if (!fits) wrong.push(`${name(route)} as ${role}: ${status} ${code}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('somebody whose roles were all taken away reads nothing but who they are', async () => {
  const person = await addPerson(at, 'formerly', ['security']);
  const visitor = visit(running);
  assert.equal((await visitor.signIn('formerly@example.com')).status, 200);
  assert.equal((await changePerson(at, at.admin, person.id, { roles: [] })).ok, true);
  for (const { route } of humanRoutes.filter(({ route }) => route.method === 'GET')) {
    const answer = await ask(visitor, route);
    const expected = route.path === '/api/v1/me' ? 200 : 403;
    assert.equal(answer.status, expected, `${name(route)}: ${answer.status} ${answer.code}`);
  }
});

test("an agent's token opens no route for people, with or without a person's cookie beside it", async () => {
  for (const { route } of humanRoutes) {
    const headers = { authorization: `Bearer ${agentToken}` };
    for (const visitor of [visit(running), visitorOf('admin')]) {
      const answer = await ask(visitor, route, headers);
      assert.deepEqual([answer.status, answer.code], [401, 'not-signed-in'], name(route));
    }
  }
});

test("a person's session opens no route for agents", async () => {
  for (const route of ROUTES.filter((row) => row.access.kind === 'agent')) {
    const answer = await ask(visitorOf('admin'), route);
    assert.equal(answer.status, 401, `${name(route)}: ${answer.text}`);
  }
});

test('no write is taken from another site, from nowhere, or as text/plain (T37, U05)', async () => {
  const admin = visitorOf('admin');
  const writes = ROUTES.filter(({ method, access }) => method !== 'GET' && ['public', 'human'].includes(access.kind));
  const foreign = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: '' },
  ];
  for (const route of writes) {
    for (const headers of foreign) {
      const answer = await ask(admin, route, headers);
      assert.deepEqual([answer.status, answer.code], [403, 'cross-site'], `${name(route)} ${JSON.stringify(headers)}`);
    }
    const plain = await ask(admin, route, { 'content-type': 'text/plain' });
    const refused = plain.status === 415 || plain.status === 403;
    assert.ok(refused, `${name(route)} as text/plain: ${plain.status} ${plain.text}`);
  }
});

test('nothing is decided or changed by asking for an address: a GET of a write is refused (T37)', async () => {
  const admin = visitorOf('admin');
  const reads = new Set(ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path));
  const writes = ROUTES.filter(({ method, path, access }) => {
    return method !== 'GET' && ['public', 'human'].includes(access.kind) && !reads.has(path);
  });
  assert.ok(writes.some(({ path }) => path.endsWith('/votes')));
  for (const route of writes) {
    const { status } = await ask(admin, { ...route, method: 'GET' });
    assert.ok(status === 404 || status === 405, `GET ${route.path}: ${status}`);
  }
});

test('who signs what they send is asked for the signature, whoever’s cookie and whatever origin comes with it', async () => {
  for (const route of ROUTES.filter((row) => row.access.kind === 'signed')) {
    for (const visitor of [visit(running), visitorOf('admin')]) {
      for (const headers of [{}, { origin: 'https://evil.example' }]) {
        assert.equal((await ask(visitor, route, headers)).status, 401, name(route));
      }
    }
  }
});

test('public routes answer strangers, and next-auth does nothing beyond signing in and out', async () => {
  for (const route of ROUTES.filter((row) => row.access.kind === 'public' && !row.path.includes('callback'))) {
    const answer = await ask(visit(running), route);
    assert.ok(
      answer.status !== 401 && answer.status !== 403 && answer.status < 500,
      `${name(route)}: ${answer.status}`,
    );
  }
  for (const path of [
    'session',
    'providers',
    'signin',
    'signin/credentials',
    'error',
    '_log',
    'callback/credentials',
  ]) {
    assert.equal((await visitorOf('admin').send('GET', `/api/auth/${path}`)).status, 404, path);
  }
});
