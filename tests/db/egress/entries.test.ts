// Entries of every identity: renewed, handed over, revoked; in the file, in the export and on the command line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { judgeUrl } from '#lib/core/egress/judge-url.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { changeEgressEntry } from '#lib/server/egress/change-entry.ts';
import { listEgressIdentities, setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { loadEntries } from '#lib/server/egress/entry-rows.ts';
import { createAttemptBook } from '#lib/server/egress/record-attempt.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { command, fileIn, pretendToRun } from '#tests/fixtures/command-line.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
const run = (...argv: string[]) => command(at.dataDir, ...argv);
before(async () => {
  at = await openInstallation();
  pretendToRun(at);
  await makeAgent(at, { name: 'bot' });
  await addPerson(at, 'ben', ['reviewer']);
});
after(() => at.close());

const PIN = `${'A'.repeat(43)}=`;
const entry = (more: Partial<EgressEntryInput> = {}): EgressEntryInput => ({
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  path: '/',
  cidr: null,
  reason: 'test',
  expires: null,
  ...more,
});
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const codeOf = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
  result.ok ? 'ok' : result.error?.code;

test('an entry is renewed, explained and handed over, each recorded, and leads nowhere else', async () => {
  const added = await addEgressEntry(at, at.admin, entry({ expires: inDays(1), tlsPin: PIN }));
  assert.ok(added.ok);
  const { id } = added.value;
  assert.equal(added.value.owner, at.admin.email);
  const renewed = await changeEgressEntry(at, at.admin, id, { expires: inDays(30), owner: 'ben@example.com' });
  assert.ok(renewed.ok);
  assert.equal(renewed.value.owner, 'ben@example.com');
  assert.equal(renewed.value.tlsPin, PIN);
  const same = await changeEgressEntry(at, at.admin, id, { owner: 'ben@example.com' });
  assert.ok(same.ok);
  const reviewer = withRoles(at.admin, ['reviewer', 'security']);
  assert.equal(codeOf(await changeEgressEntry(at, reviewer, id, { reason: 'mine now' })), 'not-allowed');
  assert.equal(codeOf(await changeEgressEntry(at, at.admin, id, { expires: inDays(-1) })), 'invalid-request');
  assert.equal(codeOf(await changeEgressEntry(at, at.admin, id, { owner: 'no@example.com' })), 'invalid-request');
  assert.ok((await removeEgressEntry(at, at.admin, id)).ok);
  assert.equal(codeOf(await changeEgressEntry(at, at.admin, id, { expires: null })), 'not-found');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type).filter((type) => /^egress/.test(type));
  assert.deepEqual(types, ['egress.added', 'egress.changed', 'egress.removed']);
});

test('an entry that ran out can be renewed', async () => {
  const added = await addEgressEntry(at, at.admin, entry({ host: 'over.example.com', expires: inDays(1) }));
  assert.ok(added.ok);
  const past = new Date(Date.now() - 1000);
  await at.prisma.egressEntry.update({ where: { id: added.value.id }, data: { expiresAt: past } });
  assert.ok((await changeEgressEntry(at, at.admin, added.value.id, { reason: 'still over' })).ok);
  assert.ok((await changeEgressEntry(at, at.admin, added.value.id, { expires: inDays(1) })).ok);
  await removeEgressEntry(at, at.admin, added.value.id);
});

test('an entry needs somebody who is there, and terms that can hold', async () => {
  const cases: [string, Partial<EgressEntryInput>][] = [
    ['an agent that is not there', { identity: 'agent:nobody' }],
    ['a server that is not there', { identity: 'server:nobody' }],
    ['a pin without TLS', { scheme: 'http', tlsPin: PIN }],
    ['a certificate without TLS', { scheme: 'http', clientCertificate: '00000000-0000-7000-8000-000000000000' }],
    ['a pin for an agent, whose TLS is its own', { identity: 'agent:bot', tlsPin: PIN }],
    [
      'a certificate for an agent',
      { identity: 'agent:bot', clientCertificate: '00000000-0000-7000-8000-000000000000' },
    ],
    ['an owner who is not there', { owner: 'no@example.com' }],
    ['a wildcard that anybody can join', { host: '*.github.io' }],
    ['a wildcard over a country', { host: '*.co.uk' }],
    ['a metadata name', { host: 'metadata.google.internal', cidr: '10.0.0.0/8' }],
    ['a range that nothing opens', { cidr: '169.254.0.0/16' }],
    ['a mapped range', { cidr: '::ffff:0:0/96' }],
    ['a path with dots', { path: '/mcp/../admin' }],
    ['a path with encoded dots', { path: '/mcp/%2e%2e' }],
    ['a path with an empty segment', { path: '/mcp//x' }],
    ['a path with a query', { path: '/mcp?x=1' }],
  ];
  for (const [name, change] of cases) {
    assert.equal(codeOf(await addEgressEntry(at, at.admin, entry(change))), 'invalid-request', name);
  }
});

test('a pin that was added to a host that was listed before is enforced, in whatever order the rows come', async () => {
  const older = await addEgressEntry(at, at.admin, entry({ host: 'twice.example.com' }));
  const pinned = await addEgressEntry(at, at.admin, entry({ host: 'twice.example.com', tlsPin: PIN }));
  assert.ok(older.ok && pinned.ok);
  const entries = await loadEntries(at.prisma);
  for (const list of [entries, entries.toReversed()]) {
    const judged = judgeUrl('https://twice.example.com/x', list, Date.now());
    assert.ok(judged.ok);
    assert.equal(judged.value.entry.tlsPin, PIN);
  }
  await removeEgressEntry(at, at.admin, older.value.id);
  await removeEgressEntry(at, at.admin, pinned.value.id);
});

test('a human is asked about unlisted destinations only of agents and stdio servers, by an admin', async () => {
  assert.equal(codeOf(await setOnFirstSeen(at, at.admin, 'gateway', 'ask')), 'invalid-request');
  assert.equal(codeOf(await setOnFirstSeen(at, at.admin, 'agent:nobody', 'ask')), 'invalid-request');
  assert.equal(codeOf(await setOnFirstSeen(at, withRoles(at.admin, ['security']), 'agent:bot', 'ask')), 'not-allowed');
  assert.ok((await setOnFirstSeen(at, at.admin, 'agent:bot', 'ask')).ok);
  assert.ok((await setOnFirstSeen(at, at.admin, 'agent:bot', 'ask')).ok);
  const { items } = await listEgressIdentities(at.prisma);
  assert.deepEqual(
    items.map(({ identity, onFirstSeen }) => [identity, onFirstSeen]),
    [
      ['gateway', 'deny'],
      ['agent:bot', 'ask'],
    ],
  );
  const changes = (await recordedEvents(at.prisma)).filter((event) => event.type === 'egress.identity-changed');
  assert.equal(changes.length, 1);
});

test('the file adds, renews and exports entries of every identity, and a second run changes nothing', async () => {
  const file = (expires: string) =>
    fileIn(
      at.dataDir,
      'egress.yaml',
      stringify({
        version: 1,
        egress: [
          { scheme: 'https', host: 'one.example.com', port: 443, reason: 'first', expires, owner: 'ben@example.com' },
          { scheme: 'https', host: 'two.example.com', port: 443, reason: 'bot', identity: 'agent:bot' },
          { scheme: 'https', host: 'pin.example.com', port: 443, reason: 'pinned', tlsPin: PIN },
          { scheme: 'https', host: 'late.example.com', port: 443, reason: 'new', identity: 'agent:newcomer' },
        ],
        agents: [{ name: 'newcomer', owner: 'ana@example.com' }],
        egressIdentities: [{ identity: 'agent:newcomer', onFirstSeen: 'ask' }],
      }),
    );
  const first = await run('apply', '-f', file('2030-01-01'));
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^\+ add egress https:\/\/late\.example\.com:443\/$/m);
  assert.match(first.out, /^~ change egress agent:newcomer: onFirstSeen$/m);
  assert.equal((await run('apply', '-f', file('2030-01-01'))).out, 'Nothing to change.');
  const renewed = await run('apply', '-f', file('2031-01-01'));
  assert.match(renewed.out, /^~ change egress https:\/\/one\.example\.com:443\/: expires$/m);
  assert.equal(await at.prisma.egressEntry.count({ where: { host: 'one.example.com', revokedAt: null } }), 1);
  const exported = await run('export');
  assert.match(exported.out, /identity: agent:newcomer/);
  assert.match(exported.out, /onFirstSeen: ask/);
  const again = await run('apply', '-f', fileIn(at.dataDir, 'again.yaml', exported.out));
  assert.equal(again.out, 'Nothing to change.', again.err);
});

test('the command line lists, allows, renews, revokes and shows attempts, with what hides made visible', async () => {
  const allowed = await run(
    'egress',
    'allow',
    'https://*.cli.example.com/v1',
    '--reason',
    'typed',
    '--expires',
    '30d',
    '--identity',
    'agent:bot',
  );
  assert.equal(allowed.code, 0, allowed.err);
  const id = /\(([0-9a-f-]{36})\)$/.exec(allowed.out)?.[1] ?? '';
  assert.match(
    (await run('egress', 'list', '--identity', 'agent:bot')).out,
    /agent:bot +https:\/\/\*\.cli\.example\.com:443\/v1/,
  );
  assert.match((await run('egress', 'renew', id, '--expires', 'never')).out, /without an end/);
  assert.equal((await run('egress', 'renew', id)).code, 2);
  assert.equal((await run('egress', 'revoke', id)).code, 0);
  assert.equal((await run('egress', 'allow', 'file:///etc/passwd', '--reason', 'x y z', '--expires', '30d')).code, 2);
  assert.equal(
    (await run('egress', 'allow', 'https://a.example.com', '--reason', 'x y z', '--expires', 'soon')).code,
    2,
  );

  const book = createAttemptBook(at);
  const reason = 'The destination is not on the allowlist.';
  book.note({
    identity: 'agent:bot',
    scheme: 'https',
    host: 'ev\u202eil.example',
    port: 443,
    verdict: 'denied',
    reason,
  });
  book.note({ identity: 'agent:bot', scheme: 'https', host: 'docs.example.com', port: 443, verdict: 'denied', reason });
  await book.close();
  const shown = await run('egress', 'attempts', '--verdict', 'denied');
  assert.doesNotMatch(shown.out, /\u202e/);
  assert.match(shown.out, /U\+202E/);
  const attempt = /^([0-9a-f-]{36}) .*docs\.example\.com/m.exec(shown.out)?.[1] ?? '';
  const taken = await run('egress', 'allow', attempt, '--reason', 'reads the docs', '--expires', '2030-01-01');
  assert.match(taken.out, /^Allowed for agent:bot: https:\/\/docs\.example\.com:443\/ until 2030-01-01 23:59:59Z/);
  assert.equal((await run('egress', 'allow', attempt, '--reason', 'for ever', '--expires', 'never')).code, 2);
  assert.match((await run('egress', 'attempts')).out, /docs\.example\.com.*allowed since/);
  assert.equal((await run('egress', 'on-first-seen', 'agent:bot', 'deny')).code, 0);
  assert.equal((await run('egress', 'on-first-seen', 'agent:bot', 'maybe')).code, 2);
});
