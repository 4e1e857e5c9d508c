// Whoever tries doors in the console leaves a trace, and a bounded one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const NOWHERE = '01900000-0000-7000-8000-000000000000';
let at: Installation;
let held: HeldCalls;
let running: RunningConsole;
let rita: Visitor;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  await addPerson(at, 'rita', ['reviewer']);
  running = await startConsole(at);
  rita = visit(running);
  assert.equal((await rita.signIn('rita@example.com')).status, 200);
});
after(async () => {
  await running.stop();
  await held.close();
  await at.close();
});

const refusals = async () => (await recordedEvents(at.prisma)).filter(({ type }) => type === 'person.refused');
/** A loop must not straddle two minutes of the database's clock, or it is told twice, as it should be. */
async function withinOneMinute(run: () => Promise<void>): Promise<void> {
  const minute = async () => {
    const rows = await at.prisma.$queryRaw<{ m: Date }[]>`SELECT date_trunc('minute', clock_timestamp()) AS m`;
    return rows[0]?.m.getTime();
  };
  for (;;) {
    const from = await minute();
    const count = (await refusals()).length;
    await run();
    if ((await minute()) === from) return;
    assert.ok((await refusals()).length > count);
  }
}

test('what a person may not do and what is not there for them is told, without what they sent', async () => {
  const sam = await addPerson(at, 'sam');
  assert.equal((await rita.send('GET', '/api/v1/sso')).status, 403);
  assert.equal((await rita.send('GET', `/api/v1/approvals/${NOWHERE}`)).status, 404);
  assert.equal((await rita.send('DELETE', `/api/v1/me/sessions/${sam.sessionId}`)).status, 404);
  assert.equal((await rita.send('GET', '/api/v1/servers/nobody-called-it-so')).status, 404);
  const told = (await refusals()).map(({ text }) => text);
  assert.equal(told.length, 4, told.join('\n'));
  assert.ok(told[0]?.includes('"route":"/api/v1/sso"') && told[0].includes('"code":"not-allowed"'));
  assert.ok(told[1]?.includes('"route":"/api/v1/approvals/{id}"') && told[1].includes(NOWHERE));
  assert.ok(told[3]?.includes('"code":"not-found"') && !told[3].includes('nobody-called-it-so'));
});

test('what is answered is not told (the twin)', async () => {
  const before = (await refusals()).length;
  const { id } = await held.hold();
  assert.equal((await rita.send('GET', `/api/v1/approvals/${id}`)).status, 200);
  assert.equal((await rita.send('GET', '/api/v1/approvals?status=nothing')).status, 422);
  assert.equal((await visit(running).send('GET', `/api/v1/approvals/${NOWHERE}`)).status, 401);
  assert.equal((await refusals()).length, before);
});

test('a loop is told once a minute for a route, and twenty times for all routes together', async () => {
  await withinOneMinute(async () => {
    await at.prisma.attemptWindow.deleteMany();
    const before = (await refusals()).length;
    for (let n = 0; n < 30; n++) await rita.send('GET', '/api/v1/sso');
    assert.equal((await refusals()).length, before + 1);
    for (let n = 0; n < 30; n++) await rita.send('GET', `/api/v1/approvals/${NOWHERE.slice(0, -2)}${10 + n}`);
    assert.equal((await refusals()).length, before + 2, 'other ids are the same route');
  });
  await withinOneMinute(async () => {
    await at.prisma.attemptWindow.deleteMany();
    const before = (await refusals()).length;
    const methods = ['PATCH', 'DELETE', 'GET', 'POST'];
    const paths = [
      'people',
      'servers',
      'agents',
      'grants',
      'approvals',
      'credentials',
      'delegations',
      'observe',
      'egress',
    ];
    const asked = methods.flatMap((method) => paths.map((path) => [method, `/api/v1/${path}/${NOWHERE}`] as const));
    await Promise.all(asked.map(([method, path]) => rita.send(method, path, method === 'GET' ? {} : { body: {} })));
    const told = (await refusals()).length - before;
    assert.ok(told > 5 && told <= 20, `${told}`);
  });
});
