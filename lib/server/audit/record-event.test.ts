import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { commit, leafHash, MAX_ENTRY_BYTES } from '#lib/core/audit/entry.ts';
import { AUDIT_EVENT_TYPES } from '#lib/core/audit/event-types.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { type AuditEventInput, buildInboxRow } from './record-event.ts';
import { openPayload } from './sealed-payload.ts';
import { readRows, sequenceBatch } from './sequence-batch.ts';

const masterKey = Buffer.alloc(32, 9);
const keys = { masterKey };
const agent = { type: 'agent', id: '0198f1b0-0000-7000-8000-000000000001', name: 'openclaw-prod' } as const;

const shortText = fc.string({ unit: 'binary', maxLength: 12 });
const anyText = fc.oneof(
  shortText,
  fc.tuple(shortText, fc.nat(3000)).map(([part, times]) => part.repeat(times)),
);
const anyEvent: fc.Arbitrary<AuditEventInput> = fc.record(
  {
    type: fc.constantFrom(...AUDIT_EVENT_TYPES),
    actor: fc.record({ type: fc.constantFrom('agent', 'person'), id: anyText, name: anyText }),
    session: anyText,
    agent: anyText,
    server: anyText,
    tool: anyText,
    callId: fc.uuid(),
    decision: anyText,
    code: anyText,
    rule: anyText,
    policyVersion: fc.nat(),
    quorum: fc.record({ needed: fc.nat(9), approved: fc.nat(9), voters: fc.array(anyText, { maxLength: 40 }) }),
    result: fc.record({ status: anyText, latencyMs: fc.double(), bytes: fc.nat() }),
    detail: fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,10}$/), fc.oneof(anyText, fc.boolean(), fc.nat()), {
      maxKeys: 30,
    }),
    payload: fc.json(),
  },
  { requiredKeys: ['type', 'actor'] },
);

function entryOf(event: AuditEventInput, seqInSession = 1) {
  const row = buildInboxRow(event, keys);
  const drained = { id: '1', event: row.event, ts: '2026-11-22T10:00:00.000Z', salt: null, payload: null };
  const tails = new Map([[event.session ?? '', { seq: seqInSession, leaf: Buffer.alloc(32, 1) }]]);
  const [entry] = sequenceBatch(readRows([drained]), tails);
  assert.ok(entry);
  return { row, entry };
}

test('whatever an agent puts in, the entry is canonical, strict JSON of at most 4 KiB', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      const { entry } = entryOf(event, 2 ** 31 - 1);
      assert.equal(entry.type, event.type);
      const parsed = parseStrict(entry.entry);
      assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.reason);
      assert.equal(canonicalJson(parsed.value), entry.entry);
      assert.ok(Buffer.byteLength(entry.entry) <= MAX_ENTRY_BYTES, `${Buffer.byteLength(entry.entry)} bytes`);
      assert.equal(toHex(entry.leaf), toHex(leafHash(entry.entry)));
      for (const value of Object.values(entry)) assert.ok(typeof value !== 'string' || !value.includes('\0'));
    }),
    { numRuns: 300 },
  );
});

test('a payload of any size opens to the text that was sealed, and a large one is stored smaller', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 4_000, 5_000, 200_000), (json, padding) => {
      const payload = canonicalJson({ json: JSON.parse(json), text: 'one of many words '.repeat(padding / 18) });
      const row = buildInboxRow({ type: 'call.intent', actor: agent, payload }, keys);
      assert.ok(row.salt && row.payload);
      assert.equal(openPayload(masterKey, row.salt, row.eventId, row.payload), payload);
      if (padding > 4_096) assert.ok(row.payload.length < payload.length / 2);
    }),
  );
});

test('arguments enter the entry as a salted commitment only, and one salt opens one payload', () => {
  const payload = canonicalJson({ confirm: true, path: '/etc/passwd' });
  const first = buildInboxRow({ type: 'call.intent', actor: agent, payload }, keys);
  const second = buildInboxRow({ type: 'call.intent', actor: agent, payload }, keys);
  assert.ok(first.salt && first.payload && second.salt);
  assert.ok(!first.event.includes('passwd'));
  const commitment: unknown = JSON.parse(first.event).args_commit;
  assert.equal(commitment, commit(toHex(first.salt), payload));
  assert.equal(commitment, createHmac('sha256', first.salt).update(payload).digest('hex'));
  assert.notEqual(commitment, JSON.parse(second.event).args_commit);
  assert.equal(openPayload(masterKey, first.salt, first.eventId, first.payload), payload);
  const sealed = Buffer.from(first.payload);
  const otherSalt = second.salt;
  assert.throws(() => openPayload(masterKey, otherSalt, first.eventId, sealed));
  assert.throws(() => openPayload(masterKey, first.salt ?? otherSalt, second.eventId, sealed));
});

test('a long name is cut visibly, with its length and hash, and two long names stay different', () => {
  const tools = ['x'.repeat(9000), `${'x'.repeat(8999)}y`].map((tool) => {
    const { entry } = entryOf({ type: 'call.intent', actor: agent, tool });
    return entry.tool ?? '';
  });
  assert.match(tools[0] ?? '', /^x+…\[cut, 9000 characters, sha256 [0-9a-f]{64}\]$/);
  assert.notEqual(tools[0], tools[1]);
});

test('a row that is not an event of ours becomes an entry that says so, and not an obstacle', () => {
  const rows = ['not json', '{}', '[]', '{"type":"call.intent","ts":""}', 'x'.repeat(5000)].map((event, at) => ({
    id: String(at),
    event,
    ts: '2026-11-22T10:00:00.000Z',
    salt: null,
    payload: null,
  }));
  const entries = sequenceBatch(readRows(rows), new Map());
  assert.deepEqual(new Set(entries.map((entry) => entry.type)), new Set(['log.unreadable']));
  assert.equal(new Set(entries.map((entry) => entry.eventId)).size, rows.length);
  for (const entry of entries) assert.match(entry.eventId, /^[0-9a-f-]{36}$/);
});

test('entries of one session are chained by number and by the leaf before', () => {
  const rows = ['a', 'b', 'a'].map((session, at) => ({
    id: String(at),
    event: buildInboxRow({ type: 'call.intent', actor: agent, session }, keys).event,
    ts: '2026-11-22T10:00:00.000Z',
    salt: null,
    payload: null,
  }));
  const entries = sequenceBatch(readRows(rows), new Map());
  const links = entries.map((entry) => JSON.parse(entry.entry).session);
  assert.deepEqual(links, [
    { id: 'a', prev: null, seq: 1 },
    { id: 'b', prev: null, seq: 1 },
    { id: 'a', prev: entries[0]?.leaf.toString('hex'), seq: 2 },
  ]);
});
