// The last word of every test here: the exported log verifies, and says neither less nor more than the upstream saw.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { visit } from '#tests/fixtures/console.ts';
import { argumentsIn } from '#tests/fixtures/mcp-agent.ts';
import { ANA, type Stack } from '#tests/fixtures/stack.ts';
import { verifyExportFile } from '#tests/fixtures/verify-export.ts';

/** Waits until everything recorded is in the log, exports it over HTTP and verifies it offline. */
export async function logIsWhole(stack: Stack): Promise<void> {
  const text = await exportAll(stack);
  const file = join(stack.dataDir, 'export.ndjson');
  writeFileSync(file, text);
  const verified = verifyExportFile(stack, file);
  assert.equal(verified.code, 0, verified.text);

  const types = [...text.matchAll(/\\"type\\":\\"([a-z.-]+)\\"/g)].map(([, type]) => type ?? '');
  const count = (type: string) => types.filter((one) => one === type).length;
  const runs = new Set(stack.upstream.calls.map((call) => argumentsIn(call.body)));
  assert.equal(runs.size, stack.upstream.calls.length, 'no arguments reached the upstream twice');
  assert.ok(count('call.intent') >= runs.size, 'nothing ran that was not written down before');
  const rows = await stack.prisma.approvalRequest.groupBy({ by: ['status'], _count: true });
  const used = rows.filter(({ status }) => ['succeeded', 'failed', 'unknown_outcome'].includes(status));
  assert.equal(
    count('request.consumed'),
    used.reduce((sum, row) => sum + row._count, 0),
  );
  assert.deepEqual(
    rows.filter(({ status }) => status === 'consumed' || status === 'approved'),
    [],
  );
}

async function exportAll(stack: Stack): Promise<string> {
  const auditor = visit({ url: stack.consoleUrl, port: 0, stop: async () => null });
  await auditor.signIn(ANA);
  for (;;) {
    const waiting = await stack.prisma.auditInbox.count();
    const { text } = await auditor.send('GET', '/api/v1/audit/export');
    const size = await stack.prisma.auditEntry.count();
    // The checkpoint follows the entries within half a second; both must be there.
    if (waiting === 0 && text.trim().split('\n').length === size + 1) return text;
    await delay(100);
  }
}
