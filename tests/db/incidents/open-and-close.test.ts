// One incident for each key: what opens, counts, reopens and closes it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { withTx } from '#lib/server/db/tx.ts';
import { closeByEvidence } from '#lib/server/incidents/close-incident.ts';
import { type IncidentSignal, openIncident } from '#lib/server/incidents/open-incident.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at?.close());

const signalOf = (key: string, more: Partial<IncidentSignal> = {}): IncidentSignal => ({
  kind: 'guardrail-regressed',
  key,
  severity: 'medium',
  title: 'A guardrail regressed',
  detail: 'E03 got through.',
  subject: { runId: 'run-1' },
  drill: false,
  ...more,
});
const open = (signal: IncidentSignal) => withTx(at.prisma, (tx) => openIncident(tx, signal));
const close = (key: string) => withTx(at.prisma, (tx) => closeByEvidence(tx, { key, evidence: 'A green rerun.' }));
/** Until a connection of this database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const rows = await at.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (rows.length > 0) return;
  }
}
const read = (id: string) => at.prisma.incident.findUniqueOrThrow({ where: { id }, include: { events: true } });

test('signals of one key on many connections at once are one incident with a count', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => open(signalOf('many'))));
  assert.equal(new Set(answers.map((answer) => answer.id)).size, 1);
  assert.equal(answers.filter((answer) => answer.opened).length, 1);
  assert.equal((await read(answers[0]?.id ?? '')).count, 8);
});

test('a signal that comes while another transaction opens the incident waits and counts', async () => {
  const other = Promise.withResolvers<void>();
  const written = Promise.withResolvers<string>();
  const first = withTx(at.prisma, async (tx) => {
    written.resolve((await openIncident(tx, signalOf('race'))).id);
    await other.promise;
  });
  const id = await written.promise;
  const second = open(signalOf('race'));
  await untilSomebodyWaits();
  other.resolve();
  await first;
  assert.deepEqual(await second, { id, opened: false });
});

test('guard off: without the lock of the key the same two collide in the database, which keeps one', async () => {
  const { id } = await open(signalOf('twin'));
  const { events, ...columns } = await read(id);
  const twin = { ...columns, subject: {}, id: randomUUID() };
  await assert.rejects(at.prisma.incident.create({ data: twin }), /Unique constraint/);
  assert.equal(events.length, 1);
});

test('a worse signal raises the severity and a milder one does not lower it', async () => {
  const { id } = await open(signalOf('worse'));
  await open(signalOf('worse', { severity: 'high' }));
  await open(signalOf('worse', { severity: 'low' }));
  assert.equal((await read(id)).severity, 'high');
});

test('a flood is one incident with a count and a bounded story', async () => {
  const { id } = await open(signalOf('flood'));
  for (let i = 0; i < 30; i++) await open(signalOf('flood', { times: 1_000 }));
  const row = await read(id);
  assert.equal(row.count, 30_001);
  assert.equal(row.events.length, 21);
});

test('a drill beside what is real swallows no signal', async () => {
  const drill = await open(signalOf('both', { drill: true }));
  const real = await open(signalOf('both'));
  assert.notEqual(drill.id, real.id);
  assert.equal(real.opened, true);
});

test('evidence closes what only evidence closes, and what a person must end stays open', async () => {
  const { id } = await open(signalOf('green'));
  assert.deepEqual(await close('green'), [id]);
  const row = await read(id);
  assert.deepEqual([row.state, row.resolution, row.resolvedBy], ['resolved', 'A green rerun.', null]);
  const leak = await open(signalOf('leak', { kind: 'credential-leaked' }));
  assert.deepEqual(await close('leak'), []);
  assert.equal((await read(leak.id)).state, 'open');
});

test('what comes back within a day reopens the incident; later, or in a drill, it is another one', async () => {
  const first = await open(signalOf('back'));
  await close('back');
  assert.deepEqual(await open(signalOf('back')), { id: first.id, opened: true });
  assert.equal((await read(first.id)).round, 2);
  await close('back');
  await at.prisma.$executeRaw`
    UPDATE incidents SET resolved_at = resolved_at - interval '25 hours' WHERE id = ${first.id}::uuid`;
  assert.notEqual((await open(signalOf('back'))).id, first.id);

  const drill = await open(signalOf('tripwire', { kind: 'drill', drill: true }));
  await close('tripwire');
  assert.notEqual((await open(signalOf('tripwire', { kind: 'drill', drill: true }))).id, drill.id);
});

test('what opened, came back and closed stands in the log, and its story cannot be changed', async () => {
  const { id } = await open(signalOf('told'));
  await close('told');
  await open(signalOf('told'));
  const rows = await at.prisma.auditInbox.findMany({ where: { event: { contains: id } }, orderBy: { id: 'asc' } });
  assert.deepEqual(
    rows.map((row) => JSON.parse(row.event).type),
    ['incident.opened', 'incident.resolved', 'incident.reopened'],
  );
  await assert.rejects(at.prisma.incidentEvent.deleteMany({ where: { incidentId: id } }), /cannot be changed/);
});
