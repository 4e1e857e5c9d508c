// What people let pass for a while instead of deciding it each time, what ends it, and what passes nobody.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { bumpConfig } from '#lib/server/db/config-head.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { revokeGrant } from '#lib/server/grants/revoke-grant.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import {
  agentWithWayOut,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
  type Tunnel,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let inside: Listener;
const tokens = { alpha: '', beta: '' };

before(async () => {
  proxy = await openProxy({ holdMs: 400 });
  inside = await listenTcp();
  // Every name points inside: what passes the door ends at the address, which only an entry could open.
  for (const name of ['ready', 'new', 'other']) proxy.names.set(`${name}.example.com`, ['127.0.0.1']);
  for (const name of ['alpha', 'beta'] as const) {
    tokens[name] = (await agentWithWayOut(proxy, name, { host: 'ready.example.com', port: inside.port })).token;
    await letAsk(name);
  }
});
after(async () => {
  await inside?.close();
  await proxy?.close();
});
afterEach(async () => {
  await proxy.at.prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
  await proxy.at.prisma.grant.updateMany({
    where: { status: { in: ['pending', 'active'] } },
    data: { status: 'revoked' },
  });
});

async function letAsk(agent: string): Promise<void> {
  assert.ok((await setOnFirstSeen(proxy.at, proxy.at.admin, `agent:${agent}`, 'ask')).ok);
}
const ask = (authority: string, agent: keyof typeof tokens = 'alpha') =>
  openTunnel(proxy.gateway.proxyPort, `Bearer ${tokens[agent]}`, authority);
/** `passed`: the door let it through, and only then was the name looked up and its address found to be closed. */
const outcome = ({ status, head }: Tunnel) =>
  status === 504 ? 'asked' : /not public/.test(head) ? 'passed' : `${status} ${/"code":"([a-z-]+)"/.exec(head)?.[1]}`;

/** A request that waits, under an agent's name. */
async function waiting(authority: string, agent: keyof typeof tokens = 'alpha'): Promise<string> {
  const answer = await eventually('people to be asked', async () => {
    const tried = await ask(authority, agent);
    return tried.status === 504 ? tried : null;
  });
  return /\r\ncountersign-request: ([0-9a-f-]{36})\r\n/.exec(answer.head)?.[1] ?? '';
}
type Terms = Partial<Parameters<typeof proposeGrant>[2]>;
const propose = (more: Terms) =>
  proposeGrant(proxy.at, proxy.at.admin, {
    agent: 'alpha',
    server: 'egress',
    tool: 'connect-unlisted',
    minutes: 10,
    maxUses: 10,
    reason: 'asked again and again',
    ...more,
  });
async function granted(requestId: string, more: Terms = {}) {
  const made = await propose({ requestId, ...more });
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal(made.value.status, 'active');
  return made.value;
}
/** The gateway hears of a grant, and of its end, some milliseconds later. */
const soon = (authority: string, expected: string) =>
  eventually(`${authority} to be ${expected}`, async () => outcome(await ask(authority)) === expected);
const requests = () => proxy.at.prisma.approvalRequest.count();
const usesOf = async (id: string) => (await proxy.at.prisma.grant.findUniqueOrThrow({ where: { id } })).uses;

test('a grant from a request lets the next connections of that identity to that host and port pass, and no other', async () => {
  const id = await waiting('new.example.com:443');
  const grant = await granted(id);
  assert.match(grant.condition ?? '', /^args\.host == "new\.example\.com" && args\.port == 443$/);
  await soon('new.example.com:443', 'passed');
  const before = { requests: await requests(), uses: await usesOf(grant.id) };
  assert.equal(outcome(await ask('new.example.com:443')), 'passed');
  assert.equal(outcome(await ask('new.example.com:443')), 'passed');
  assert.equal(await usesOf(grant.id), before.uses + 2);
  assert.equal(await requests(), before.requests, 'nobody was asked again');
  assert.equal(outcome(await ask('new.example.com:8443')), 'asked');
  assert.equal(outcome(await ask('other.example.com:443')), 'asked');
  assert.equal(outcome(await ask('new.example.com:443', 'beta')), 'asked', 'another identity is another matter');
  const said = (await recordedEvents(proxy.at.prisma)).filter(({ type }) => type === 'grant.used');
  assert.match(said.at(-1)?.text ?? '', new RegExp(grant.id));
  assert.equal(await proxy.at.prisma.egressEntry.count({ where: { host: 'new.example.com' } }), 0);
});

test('what a proposer writes beside host and port makes it narrower, never wider', async () => {
  const id = await waiting('new.example.com:443');
  await granted(id, { condition: 'true || args.port == 8443' });
  await soon('new.example.com:443', 'passed');
  assert.equal(outcome(await ask('new.example.com:8443')), 'asked');
});

test('it passes until its uses are used up, or until it is revoked', async () => {
  const id = await waiting('new.example.com:443');
  const twice = await granted(id, { maxUses: 2 });
  await soon('new.example.com:443', 'passed');
  assert.equal(outcome(await ask('new.example.com:443')), 'passed');
  assert.equal(outcome(await ask('new.example.com:443')), 'asked');
  assert.equal(await usesOf(twice.id), 2);
  const again = await granted(await waiting('new.example.com:443'));
  await soon('new.example.com:443', 'passed');
  assert.ok((await revokeGrant(proxy.at, proxy.at.admin, again.id)).ok);
  await soon('new.example.com:443', 'asked');
});

test('it passes until its time is over', async () => {
  const grant = await granted(await waiting('new.example.com:443'));
  await soon('new.example.com:443', 'passed');
  await proxy.at.prisma.$executeRaw`UPDATE grants SET expires_at = clock_timestamp() WHERE id = ${grant.id}::uuid`;
  assert.equal(outcome(await ask('new.example.com:443')), 'asked');
});

test('nobody grants connections by hand, by class, or for the list’s own tool', async () => {
  const requestId = await waiting('new.example.com:443');
  const byClass = { requestId, tool: undefined, actionClass: 'browse' as const };
  const cases: readonly Terms[] = [{}, byClass, { tool: 'connect' }, { tool: 'connect', requestId }];
  for (const terms of cases) {
    const made = await propose(terms);
    assert.equal(made.ok ? 'made' : made.error.code, 'invalid-request', JSON.stringify(terms));
  }
});

test('where asking is taken back, what waits ends at once, and what was granted opens nothing', async () => {
  const grant = await granted(await waiting('new.example.com:443'));
  await soon('new.example.com:443', 'passed');
  const requestId = await waiting('other.example.com:443');
  const client = ask('other.example.com:443');
  const since = performance.now();
  assert.ok((await setOnFirstSeen(proxy.at, proxy.at.admin, 'agent:alpha', 'deny')).ok);
  const { status, head } = await client;
  assert.notEqual(status, 504, head);
  assert.ok(performance.now() - since < 1_000);
  const request = await proxy.at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
  assert.equal(request.status, 'superseded');
  assert.equal((await proxy.at.prisma.grant.findUniqueOrThrow({ where: { id: grant.id } })).status, 'void');
  await soon('new.example.com:443', '403 egress-denied');
  const beta = await waiting('other.example.com:443', 'beta');
  assert.equal((await proxy.at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: beta } })).status, 'pending');
  const ended = (await recordedEvents(proxy.at.prisma)).filter(({ type }) => type === 'request.superseded');
  assert.match(ended.at(-1)?.text ?? '', /"cause":"asked-no-more"/);
  await letAsk('alpha');
  await soon('new.example.com:443', 'asked');
});

for (const scope of ['control:approvals', 'server:egress']) {
  test(`a window that only observes ${scope} lets no unlisted host pass: nobody was asked, so nothing is looked up`, async () => {
    const { at } = proxy;
    const window = () =>
      withTx(at.prisma, async (tx) => {
        await tx.$executeRaw`
          INSERT INTO observe_windows (id, scope, rule_hash, reason, minutes, starts_at, ends_at)
          SELECT gen_random_uuid(), ${scope}, NULL, 'the test', 10, t.now, t.now + interval '10 minutes'
          FROM (SELECT clock_timestamp() AS now) t`;
        await bumpConfig(tx, 'policies', scope);
      });
    await window();
    const host = `${scope.replace(':', '-')}.example.com`;
    await soon(`${host}:443`, '403 egress-denied');
    const { head } = await ask(`${host}:443`);
    assert.match(head, /nobody was asked/);
    assert.ok(!proxy.asked.includes(host));
    const noted = await eventually('the attempt', () =>
      at.prisma.egressAttempt.findFirst({ where: { identity: 'agent:alpha', host, verdict: 'denied' } }),
    );
    assert.ok(noted.count >= 1);
    await withTx(at.prisma, async (tx) => {
      await tx.$executeRaw`UPDATE observe_windows SET ended_at = clock_timestamp() WHERE ended_at IS NULL`;
      await bumpConfig(tx, 'policies', scope);
    });
    await soon(`${host}:443`, 'asked');
  });
}
