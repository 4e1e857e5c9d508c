import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { egressEntrySchema } from '#lib/contracts/egress.ts';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { loadEntries } from '#lib/server/egress/entry-rows.ts';
import { listEgressEntries } from '#lib/server/egress/list-entries.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

const tickets: EgressEntryInput = {
  scheme: 'https',
  host: 'Tickets.Example.com.',
  port: 443,
  path: '/mcp',
  cidr: null,
  reason: 'ticketing',
  expires: null,
};

test('an admin adds and removes a destination, each recorded once', async () => {
  const added = await addEgressEntry(at, at.admin, tickets);
  assert.ok(added.ok);
  assert.equal(egressEntrySchema.parse(added.value).host, 'tickets.example.com');
  const twice = await addEgressEntry(at, at.admin, tickets);
  assert.ok(twice.ok);
  assert.equal(twice.value.id, added.value.id);
  assert.equal((await listEgressEntries(at.prisma)).items.length, 1);
  assert.ok((await removeEgressEntry(at, at.admin, added.value.id)).ok);
  assert.ok((await removeEgressEntry(at, at.admin, added.value.id)).ok);
  assert.deepEqual(await loadEntries(at.prisma), []);
  const types = (await recordedEvents(at.prisma))
    .map((event) => event.type)
    .filter((type) => type.startsWith('egress'));
  assert.deepEqual(types, ['egress.added', 'egress.removed']);
});

test('nobody but an admin touches the allowlist', async () => {
  const other = withRoles(at.admin, ['security', 'reviewer']);
  const added = await addEgressEntry(at, other, tickets);
  assert.equal(added.ok ? null : added.error.code, 'not-allowed');
  const removed = await removeEgressEntry(at, other, '00000000-0000-7000-8000-000000000000');
  assert.equal(removed.ok ? null : removed.error.code, 'not-allowed');
});

test('an entry that opens more than it seems is refused', async () => {
  const cases: [string, Partial<EgressEntryInput>][] = [
    ['a wildcard over a domain ending', { host: '*.com' }],
    ['a wildcard in the middle', { host: 'a.*.example.com' }],
    ['no host at all', { host: ' ' }],
    ['loopback without a range', { host: '127.0.0.1' }],
    ['a private address without a range', { host: '10.1.2.3' }],
    ['a range that does not contain the address', { host: '10.1.2.3', cidr: '192.168.0.0/16' }],
    ['the whole Internet', { cidr: '0.0.0.0/0' }],
    ['no CIDR', { cidr: 'everything' }],
    ['a metadata service', { host: '169.254.169.254', cidr: '169.254.0.0/16' }],
    ['over already', { expires: '2020-01-01T00:00:00.000Z' }],
  ];
  for (const [name, change] of cases) {
    const added = await addEgressEntry(at, at.admin, { ...tickets, ...change });
    assert.equal(added.ok ? 'added' : added.error.code, 'invalid-request', name);
  }
});
