import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { verifyExport } from '#lib/core/audit/verify-export.ts';
import { exportLog } from '#lib/server/audit/export-log.ts';
import { createLog } from '#lib/server/log.ts';
import { repeat } from '#lib/server/worker/repeat.ts';
import { startWorker, type Worker } from '#lib/server/worker/start-worker.ts';
import { verifyEd25519 } from '#tests/fixtures/audit-log.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { inSeconds, plantRequest } from '#tests/fixtures/requests.ts';

let at: Installation;
let workers: Worker[] = [];
const log = createLog('silent', 'worker');

before(async () => {
  at = await openInstallation();
});
after(async () => {
  for (const worker of workers) await worker.stop();
  await at?.close();
});

test('two workers expire, sequence and sign together, and stop with nothing left behind', async () => {
  const id = await plantRequest(at.prisma, { expiresAt: inSeconds(-300) });
  workers = [0, 1].map(() =>
    startWorker({ databaseUrl: at.url, prisma: at.prisma, keys: at.keys, dataDir: at.dataDir, log }),
  );
  await eventually('the expiry in the log', () =>
    at.prisma.auditEntry.findFirst({ where: { type: 'request.expired' } }),
  );
  const request = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
  assert.equal(request.status, 'expired');
  for (const worker of workers) await worker.stop();

  const lines: string[] = [];
  const sink = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
  assert.ok((await exportLog(at.prisma, sink, at.keys.logSigning)).ok);
  const verdict = verifyExport({ lines, vkey: at.keys.logSigning.vkey, verifySignature: verifyEd25519 });
  assert.equal(verdict.kind, 'verified', JSON.stringify(verdict));
  const types = lines.slice(0, -1).map((line) => JSON.parse(JSON.parse(line).entry).type);
  assert.equal(types.filter((type) => type === 'log.started').length, 1);
  assert.equal(types.filter((type) => type === 'process.started').length, 2);
  assert.equal(await at.prisma.auditInbox.count(), 0);
  assert.equal(await at.prisma.processInstance.count({ where: { stoppedAt: null } }), 0);
  assert.ok(existsSync(join(at.dataDir, 'log-head.json')), 'the host remembers the head');
});

test('a step that throws is tried again', async () => {
  const stopping = new AbortController();
  let runs = 0;
  const run = async () => {
    runs += 1;
    if (runs < 3) throw new Error('the database is away');
    stopping.abort();
  };
  await repeat({ name: 'test', everyMs: 1, run }, log, stopping.signal);
  assert.equal(runs, 3);
});
