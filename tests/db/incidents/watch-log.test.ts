// The log is followed from where the last reading ended: each entry once, however workers die.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { AuditEventInput } from '#lib/server/audit/record-event.ts';
import { watchLog } from '#lib/server/incidents/watch-log.ts';
import { makeEvent, recordEvents, type SteppedLog, stepLog } from '#tests/fixtures/audit-log.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { setUp } from '#tests/fixtures/red-team.ts';

let at: Installation;
let log: SteppedLog;
before(async () => {
  at = await openInstallation();
  log = await stepLog(at.url);
});
after(async () => {
  await log?.close();
  await at?.close();
});

/** Puts the events into the log and says what opened since. */
async function logged(...events: readonly AuditEventInput[]) {
  await recordEvents(at.prisma, events);
  await log.drainAndPublish(at.keys.logSigning);
}
const incidents = (kind: string) => at.prisma.incident.findMany({ where: { kind }, orderBy: { openedAt: 'asc' } });
const denied = (host: string, reason: string, agent = 'release-bot'): AuditEventInput => ({
  type: 'egress.denied',
  actor: { type: 'system', id: 'egress', name: 'egress' },
  agent,
  detail: { identity: `agent:${agent}`, host, reason, count: 1 },
});
const leak = (credential: string) =>
  makeEvent({ type: 'credential.leaked', agent: 'release-bot', server: 'evil', detail: { credential, of: 'tickets' } });

test('ordinary days open nothing', async () => {
  await logged(makeEvent(), makeEvent({ type: 'call.refused' }), makeEvent({ type: 'request.denied' }));
  await watchLog(at.prisma);
  assert.equal(await at.prisma.incident.count(), 0);
});

test('what somebody must look at opens one incident, with what it is about', async () => {
  const event = { ...leak('c-1'), callId: randomUUID() };
  await logged(event, event, event);
  await watchLog(at.prisma);
  const [only, ...others] = await incidents('credential-leaked');
  assert.equal(others.length, 0);
  assert.equal(only?.count, 3);
  assert.equal(only?.severity, 'high');
  assert.equal(only?.title, 'release-bot sent the credential of tickets to evil');
  const { agent, server, callId, credential } = Object(only?.subject);
  assert.deepEqual([agent, server, callId, credential], ['release-bot', 'evil', event.callId, 'c-1']);
});

test('a hostile name reaches the title as marks, and no argument reaches an incident', async () => {
  await logged(
    makeEvent({ type: 'tool.drifted', server: 'evil\u202Ebot<b>', tool: 'run', payload: '{"secret":"CANARY"}' }),
  );
  await watchLog(at.prisma);
  const [drifted] = await incidents('tool-drifted');
  assert.equal(drifted?.title, 'Tools of evil[U+202E]bot[U+003C]b[U+003E] are not what was accepted');
  assert.ok(!JSON.stringify({ ...drifted, seq: 0 }).includes('CANARY'));
});

test('an internal address opens one at once, other refusals only when they go on for an hour', async () => {
  await logged(denied('metadata', 'The host is a cloud metadata service.', 'spy'));
  await logged(...Array.from({ length: 9 }, (_, i) => denied(`h${i}.example`, 'The host is not on the allowlist.')));
  await watchLog(at.prisma);
  assert.deepEqual(
    (await incidents('egress-internal')).map(({ severity }) => severity),
    ['high'],
  );
  assert.equal((await incidents('egress-repeated')).length, 0);
  await logged(denied('h10.example', 'The host is not on the allowlist.'));
  await watchLog(at.prisma);
  assert.deepEqual(
    (await incidents('egress-repeated')).map(({ key }) => key),
    ['egress-repeated:agent:release-bot'],
  );
});

test('two workers at once count each entry once', async () => {
  await logged(...Array.from({ length: 30 }, () => leak('c-2')));
  await Promise.all([watchLog(at.prisma), watchLog(at.prisma), watchLog(at.prisma)]);
  await watchLog(at.prisma);
  const row = await at.prisma.incident.findFirstOrThrow({ where: { key: 'credential-leaked:release-bot:c-2' } });
  assert.equal(row.count, 30);
});

test('a worker that is killed between an incident and its place in the log leaves neither', async () => {
  const key = 'credential-leaked:release-bot:c-3';
  await logged(leak('c-3'));
  await at.prisma.$executeRaw`
    CREATE FUNCTION dies() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`;
  await at.prisma.$executeRaw`CREATE TRIGGER dies BEFORE UPDATE ON incident_head FOR EACH ROW EXECUTE FUNCTION dies()`;
  await assert.rejects(watchLog(at.prisma));
  assert.equal(await at.prisma.incident.count({ where: { key } }), 0);
  await at.prisma.$executeRaw`DROP TRIGGER dies ON incident_head`;
  await watchLog(at.prisma);
  assert.equal((await at.prisma.incident.findFirstOrThrow({ where: { key } })).count, 1);
});

test('guard off: with the place kept apart from the incidents, the same kill counts an entry twice', async () => {
  const key = 'credential-leaked:release-bot:c-4';
  await logged(leak('c-4'));
  await watchLog(at.prisma);
  // What a worker leaves that wrote its incidents first and died before it wrote its place.
  await at.prisma.$executeRaw`UPDATE incident_head SET next_seq = next_seq - 1`;
  await watchLog(at.prisma);
  assert.equal((await at.prisma.incident.findFirstOrThrow({ where: { key } })).count, 2);
});

test('what a red-team run does opens nothing; the same agent at another hour does', async () => {
  await setUp(at);
  const { id } = await at.prisma.redTeamRun.create({
    data: {
      id: randomUUID(),
      state: 'running',
      cause: 'person',
      askedBy: 'Ana',
      startedAt: new Date(),
      beatAt: new Date(),
    },
  });
  const mine = makeEvent({ type: 'call.replayed-with-other-arguments', agent: 'red-team', server: 'red-team-sink' });
  const others = makeEvent({ type: 'call.replayed-with-other-arguments', agent: 'release-bot', server: 'files' });
  await logged(mine, others, {
    type: 'kill.on',
    actor: { type: 'operator', id: 'red team', name: 'red team' },
    detail: { scope: 'agent:red-team-drill' },
  });
  await watchLog(at.prisma);
  const during = await incidents('arguments-swapped');
  assert.deepEqual(
    during.map(({ key }) => key),
    ['arguments-swapped:release-bot:files'],
  );
  assert.equal((await incidents('switch-killed')).length, 0);
  await at.prisma.redTeamRun.update({
    where: { id },
    data: { startedAt: new Date(0), beatAt: new Date(1) },
  });
  await logged(mine);
  await watchLog(at.prisma);
  assert.equal((await incidents('arguments-swapped')).length, 2);
});

test('what the log says was done about it stands in its story, in order and once', async () => {
  const actor = { type: 'person', id: at.admin.id, name: 'Ana' } as const;
  const stop = makeEvent({ type: 'kill.on', detail: { scope: 'class:money' } });
  const back = { type: 'kill.off', actor, detail: { scope: 'class:money' } } as const;
  await logged(back, stop, back, back);
  await watchLog(at.prisma);
  const [row] = await at.prisma.incident.findMany({
    where: { key: 'switch-killed:class:money' },
    include: { events: { orderBy: { id: 'asc' } } },
  });
  assert.deepEqual(
    row?.events.map(({ kind, byName, words }) => (kind === 'log' ? `${byName} ${words}` : kind)),
    ['opened', 'Ana turned it on again'],
  );
  assert.equal(row?.state, 'open', 'a person still says what it was');
});

test('an entry that cannot be read stops nothing behind it', async () => {
  await at.prisma.$executeRaw`INSERT INTO audit_inbox (event) VALUES ('no event')`;
  await logged(leak('c-5'));
  await watchLog(at.prisma);
  assert.equal((await incidents('log-unreadable')).length, 1);
  assert.equal(await at.prisma.incident.count({ where: { key: 'credential-leaked:release-bot:c-5' } }), 1);
});
