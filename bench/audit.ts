// `npm run bench -- audit [--entries 1000000]`: the log on a real, durable PostgreSQL of its own.
import { randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { auditQuerySchema } from '#lib/contracts/audit.ts';
import { verifyExport } from '#lib/core/audit/verify-export.ts';
import { exportLines } from '#lib/server/audit/export-log.ts';
import { nativeSha256 } from '#lib/server/audit/native-hash.ts';
import { readStory } from '#lib/server/audit/read-story.ts';
import { readTimeline } from '#lib/server/audit/read-timeline.ts';
import { buildInboxRow, type InboxRow } from '#lib/server/audit/record-event.ts';
import { takeLog } from '#lib/server/audit/reign.ts';
import { startSequencer } from '#lib/server/audit/sequence.ts';
import { migrate } from '#lib/server/db/migrate.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog } from '#lib/server/log.ts';
import { startEmbedded } from '#lib/server/postgres/embedded.ts';
import { verifyEd25519 } from '#tests/fixtures/audit-log.ts';
import { percentile } from './fixtures/percentile.ts';
import { writeResults } from './write-results.ts';

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '200000' }, 'dry-run': { type: 'boolean', default: false } },
});
const ENTRIES = Number(values.entries);
const RATE_SECONDS = 10;
const RATE_PER_S = 1_000;
const AT_ONCE = 5_000;

const AGENTS = ['openclaw-prod', 'ci-bot', 'support', 'research'];
const SERVERS = ['filesystem', 'tickets', 'github', 'postgres', 'slack'];
const masterKey = Buffer.alloc(32, 1);

/** Two events a call, as the gateway writes them for low-risk calls. */
function makeCall(n: number): [InboxRow, InboxRow] {
  const name = AGENTS[n % AGENTS.length] ?? 'agent';
  const base = {
    actor: { type: 'agent', id: `0198f1b0-0000-7000-8000-00000000000${n % 10}`, name },
    session: `agent:0198f1b0-0000-7000-8000-00000000000${n % 10}`,
    agent: name,
    server: SERVERS[n % SERVERS.length] ?? 'server',
    tool: `read_thing_${n % 37}`,
    callId: randomUUIDv7(),
    tier: 'low',
  } as const;
  const intent = {
    ...base,
    type: 'call.intent',
    decision: 'allow',
    actionClass: 'file-read',
    rule: 'default-low',
  } as const;
  const outcome = { ...base, type: 'call.outcome', result: { status: 'succeeded', latencyMs: n % 90 } } as const;
  return [buildInboxRow(intent, { masterKey }), buildInboxRow(outcome, { masterKey })];
}

async function fill(client: pg.Client, count: number): Promise<void> {
  for (let made = 0; made < count; made += AT_ONCE) {
    const events: string[] = [];
    for (let n = 0; n < AT_ONCE / 2; n++) events.push(...makeCall(made + n).map((row) => row.event));
    await client.query({
      name: 'fill',
      text: 'INSERT INTO audit_inbox (event) SELECT unnest($1::text[])',
      values: [events],
    });
  }
}

async function timed(times: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await work(n);
    took.push(performance.now() - start);
  }
  return took;
}

/** Events a second at several batch sizes, inbox already full: what one sequencer can do. */
async function measureAppend(client: pg.Client, sequencer: pg.Client): Promise<Record<string, number>> {
  const reign = await takeLog(sequencer);
  if (reign === null) throw new Error('another sequencer has the log');
  const rates: Record<string, number> = {};
  for (const batch of [500, 1000]) {
    await fill(client, ENTRIES / 2);
    await client.query('VACUUM (ANALYZE) audit_inbox');
    const start = performance.now();
    let count = 0;
    for (let got = 1; got > 0; count += got) got = await reign.sequence(batch);
    rates[`batch_${batch}`] = Math.round(count / ((performance.now() - start) / 1000));
    process.stdout.write(`append, batches of ${batch}: ${rates[`batch_${batch}`]} events/s\n`);
  }
  return rates;
}

/** Milliseconds from an event's commit to the signed checkpoint that covers it, at a steady rate. */
async function measureReceipt(client: pg.Client, url: string, keys: ReturnType<typeof loadKeys>): Promise<number[]> {
  const from = await client.query<{ size: string }>('SELECT size FROM audit_head WHERE id = 1');
  const sequencer = startSequencer({ databaseUrl: url, signing: keys.logSigning, log: createLog('silent', 'bench') });
  const started = performance.now();
  for (let n = 0; n < RATE_SECONDS * 100; n++) {
    const events = Array.from({ length: RATE_PER_S / 200 }, () => makeCall(n)).flat();
    await client.query('INSERT INTO audit_inbox (event) SELECT unnest($1::text[])', [events.map((row) => row.event)]);
    await sleep(Math.max(0, started + (n + 1) * 10 - performance.now()));
  }
  await sequencer.stop();
  const found = await client.query<{ ms: number }>(
    `SELECT extract(epoch FROM (SELECT min(c.at) FROM audit_checkpoints c WHERE c.size > e.seq) - e.at)::float8 * 1000 AS ms
     FROM audit_entries e WHERE e.seq >= $1 ORDER BY 1`,
    [from.rows[0]?.size],
  );
  return found.rows.map((row) => row.ms);
}

async function measureReads(prisma: Database) {
  const page = (query: Record<string, unknown>) => readTimeline(prisma, auditQuerySchema.parse(query));
  const size = Number((await prisma.auditHead.findUniqueOrThrow({ where: { id: 1 } })).size);
  const anywhere = () => String(Math.floor(Math.random() * size));
  const timeline = await timed(300, (n) =>
    page(
      [
        { cursor: anywhere() },
        { server: 'github', cursor: anywhere() },
        { agent: 'support', cursor: anywhere() },
        { server: 'slack', tier: 'low', cursor: anywhere() },
        {},
      ][n % 5] ?? {},
    ),
  );
  const [sample] = await prisma.$queryRaw<{ calls: string[] }[]>`
    SELECT array_agg(call_id::text) AS calls FROM (SELECT call_id FROM audit_entries TABLESAMPLE SYSTEM (1) LIMIT 200) s`;
  const calls = sample?.calls ?? [];
  const story = await timed(200, (n) => readStory(prisma, { kind: 'call', callId: calls[n % calls.length] ?? '' }));
  return { size, timeline, story };
}

async function measureVerify(prisma: Database, vkey: string): Promise<number> {
  const lines: string[] = [];
  for await (const some of exportLines(prisma, { vkey })) lines.push(...some.trimEnd().split('\n'));
  const start = performance.now();
  const verdict = verifyExport({ lines, vkey, verifySignature: verifyEd25519, hash: nativeSha256 });
  const seconds = (performance.now() - start) / 1000;
  if (verdict.kind !== 'verified') throw new Error(`the log does not verify: ${JSON.stringify(verdict)}`);
  return verdict.size / seconds;
}

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const started = await startEmbedded({ dataDir });
if (!started.ok) throw new Error(started.error.sentence);
const server = started.value;
const clients = [
  new pg.Client({ connectionString: server.url }),
  new pg.Client({ connectionString: server.url }),
] as const;
const [client, sequencer] = clients;
try {
  const migrated = await migrate(server.url);
  if (!migrated.ok) throw new Error(migrated.error.sentence);
  const keys = loadKeys(dataDir);
  const prisma = createPrisma(server.url, { max: 2 });
  await client.connect();
  await sequencer.connect();
  const append = await measureAppend(client, sequencer);
  await sequencer.end();
  const receipt = await measureReceipt(client, server.url, keys);
  await client.query('VACUUM (ANALYZE) audit_entries');
  const bytes = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'audit_partitions' AND c.relkind = 'r' OR c.relname IN ('audit_nodes', 'audit_sessions')`,
  );
  const { size, timeline, story } = await measureReads(prisma);
  const verify = await measureVerify(prisma, keys.logSigning.vkey);
  await prisma.$disconnect();
  const scale = size >= 10_000_000 ? '10m' : `${Math.round(size / 1000)}k`;
  const figures = {
    'audit.append_per_s': Math.max(...Object.values(append)),
    'audit.receipt_p99_ms': Math.round(percentile(receipt, 0.99)),
    [`audit.timeline_${scale}_p95_ms`]: Number(percentile(timeline, 0.95).toFixed(2)),
    'audit.story_p95_ms': Number(percentile(story, 0.95).toFixed(2)),
    'audit.verify_per_s': Math.round(verify),
    'audit.bytes_per_event': Math.round(Number(bytes.rows[0]?.bytes) / size),
  };
  const raw = {
    size,
    append,
    receipt_ms: { p50: percentile(receipt, 0.5), p99: percentile(receipt, 0.99), rate_per_s: RATE_PER_S },
    timeline_ms: { p50: percentile(timeline, 0.5), p95: percentile(timeline, 0.95) },
    story_ms: { p50: percentile(story, 0.5), p95: percentile(story, 0.95) },
  };
  if (values['dry-run'] !== true) writeResults('audit.', figures, raw);
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await Promise.all(clients.map((each) => each.end().catch(() => undefined)));
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
