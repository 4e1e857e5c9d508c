// What people do with an incident, and who may.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { IncidentKind } from '#lib/core/incidents/kinds.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { acknowledgeIncident, doStep, noteIncident, resolveIncident } from '#lib/server/incidents/change-incident.ts';
import { openIncident } from '#lib/server/incidents/open-incident.ts';
import { listIncidents, readIncident } from '#lib/server/incidents/read-incidents.ts';
import { startDrill } from '#lib/server/incidents/start-drill.ts';
import { type Installation, openInstallation, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben', ['security', 'reviewer']);
});
after(() => at?.close());

let serial = 0;
async function opened(kind: IncidentKind = 'credential-leaked', personId?: string): Promise<string> {
  serial += 1;
  const signal = {
    kind,
    key: `key ${serial}`,
    severity: 'high',
    title: 'Look at this',
    detail: 'Something was seen.',
    subject: { agent: 'release-bot', ...(personId === undefined ? {} : { personId }) },
    drill: false,
  } as const;
  return (await withTx(at.prisma, (tx) => openIncident(tx, signal))).id;
}
const take = (who: HumanPrincipal, id: string, takeOver = false) => acknowledgeIncident(at, who, { id, takeOver });
const resolve = (who: HumanPrincipal, id: string) => resolveIncident(at, who, { id, reason: 'It was us.' });
const read = async (id: string, who = at.admin) => {
  const incident = await readIncident(at.prisma, who, id);
  assert.ok(incident);
  return incident;
};
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'ok' : answer.error?.code);

test('one person takes it, nobody resolves what they have not taken, and a reason ends it', async () => {
  const id = await opened();
  assert.equal(codeOf(await resolve(at.admin, id)), 'conflict');
  assert.equal(codeOf(await take(at.admin, id)), 'ok');
  assert.equal(codeOf(await take(ben, id)), 'conflict');
  assert.equal(codeOf(await resolve(ben, id)), 'conflict');
  assert.equal(codeOf(await take(ben, id, true)), 'ok');
  assert.equal(codeOf(await resolve(ben, id)), 'ok');
  const { state, resolution, resolvedBy, events } = await read(id);
  assert.deepEqual([state, resolution, resolvedBy], ['resolved', 'It was us.', 'ben']);
  assert.deepEqual(
    events.map((event) => event.kind),
    ['opened', 'acknowledged', 'acknowledged', 'resolved'],
  );
  assert.equal(codeOf(await take(at.admin, id)), 'conflict');
});

test('two at once: one has it', async () => {
  const id = await opened();
  const answers = await Promise.all([take(at.admin, id), take(ben, id)]);
  assert.deepEqual(answers.map(codeOf).sort(), ['conflict', 'ok']);
});

test('a reviewer handles nothing', async () => {
  const id = await opened();
  const reviewer = withRoles(ben, ['reviewer']);
  for (const answer of [
    await take(reviewer, id),
    await resolve(reviewer, id),
    await noteIncident(at, reviewer, { id, words: 'x' }),
    await doStep(at, reviewer, { id, step: 'rotate' }),
    await startDrill(at, reviewer, 'tool-drifted'),
  ]) {
    assert.equal(codeOf(answer), 'not-allowed');
  }
  assert.equal((await read(id)).events.length, 1);
});

test('what only evidence closes is resolved by nobody', async () => {
  const id = await opened('guardrail-regressed');
  await take(at.admin, id);
  assert.equal(codeOf(await resolve(at.admin, id)), 'conflict');
  assert.equal((await read(id)).closes, 'evidence');
});

test('nobody resolves what is about themselves; somebody else may, and in a drill it is about nobody', async () => {
  const mine = await opened('break-glass', ben.id);
  await take(ben, mine);
  assert.match((await read(mine, ben)).resolveBar ?? '', /about you/);
  assert.equal(codeOf(await resolve(ben, mine)), 'second-person-needed');
  const carl = await addPerson(at, 'carl', ['security']);
  await at.prisma.$executeRaw`UPDATE people SET created_at = created_at - interval '3 days'`;
  await take(carl, mine, true);
  assert.equal(codeOf(await resolve(carl, mine)), 'ok');
});

test('a step is done once by whoever was first, and can be done again after the incident came back', async () => {
  const id = await opened();
  await doStep(at, ben, { id, step: 'rotate' });
  await doStep(at, at.admin, { id, step: 'rotate' });
  const done = (await read(id)).steps.find((step) => step.id === 'rotate')?.done;
  assert.equal(done?.by, 'ben');
  assert.equal((await read(id)).events.filter((event) => event.kind === 'step').length, 1);
  assert.equal(codeOf(await doStep(at, ben, { id, step: 'no-such-step' })), 'not-found');
  await take(ben, id);
  await resolve(ben, id);
  const { key } = await at.prisma.incident.findUniqueOrThrow({ where: { id } });
  await withTx(at.prisma, (tx) =>
    openIncident(tx, {
      kind: 'credential-leaked',
      key,
      severity: 'low',
      title: 'again',
      detail: 'again',
      subject: {},
      drill: false,
    }),
  );
  const back = await read(id);
  assert.deepEqual([back.state, back.round, back.acknowledgedBy, back.resolution], ['open', 2, null, null]);
  assert.equal(back.steps.find((step) => step.id === 'rotate')?.done, null);
});

test('a drill is marked, acts on nothing, is about nothing real, and keeps its times', async () => {
  const drill = await startDrill(at, at.admin, 'egress-internal');
  assert.ok(drill.ok);
  const { id } = drill.value;
  const begun = await read(id);
  assert.equal(begun.drill, true);
  assert.equal(begun.openedBy, 'Ana');
  assert.ok(begun.steps.every((step) => step.action === null || step.action.kind === 'open'));
  await take(at.admin, id);
  await resolve(at.admin, id);
  const page = await listIncidents(at.prisma, at.admin, { folder: 'drills', limit: 50 });
  assert.ok(page.items[0]?.acknowledgedAt !== null && page.items[0]?.resolvedAt !== null);
  assert.ok(page.lastDrillAt !== null);
  assert.equal(page.counts.drills, 0);
});

test('drills do not bury what is real: a fourth at once is refused', async () => {
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(codeOf(await startDrill(at, at.admin, 'tool-drifted')));
  assert.deepEqual(answers, ['ok', 'ok', 'ok', 'conflict']);
  assert.equal(codeOf(await startDrill(at, at.admin, 'drill')), 'invalid-request');
});

test('lists page by time, and a cursor that is none begins at the start', async () => {
  const all = await listIncidents(at.prisma, at.admin, { folder: 'open', limit: 200 });
  const first = await listIncidents(at.prisma, at.admin, { folder: 'open', limit: 2 });
  assert.ok(first.nextCursor !== null);
  const second = await listIncidents(at.prisma, at.admin, { folder: 'open', limit: 200, cursor: first.nextCursor });
  assert.deepEqual(
    [...first.items, ...second.items].map(({ id }) => id),
    all.items.map(({ id }) => id),
  );
  for (const cursor of ['nonsense', `0000-01-01T00:00:00Z~${all.items[0]?.id}`, '~']) {
    const page = await listIncidents(at.prisma, at.admin, { folder: 'open', limit: 200, cursor });
    assert.equal(page.items.length, all.items.length);
  }
});

test('each change stands in the log with kind and severity, and without what people wrote', async () => {
  const id = await opened();
  await take(at.admin, id);
  await noteIncident(at, at.admin, { id, words: 'SPOKEN' });
  await resolve(at.admin, id);
  const rows = await at.prisma.auditInbox.findMany({ where: { event: { contains: id } }, orderBy: { id: 'asc' } });
  assert.deepEqual(
    rows.map((row) => JSON.parse(row.event).type),
    ['incident.opened', 'incident.acknowledged', 'incident.noted', 'incident.resolved'],
  );
  assert.ok(rows.every((row) => !row.event.includes('SPOKEN') && !row.event.includes('It was us')));
});
