// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { exportLines } from './export-log.ts';
import { readCheckpoint } from './read-head.ts';
import { recordEvent } from './record-event.ts';

/**
 * Starts an export for somebody, after recording that they took it; null while nothing is signed. The lines are read as
 * they are consumed, so a slow download holds neither memory nor a transaction.
 */
export async function openExport(
  deps: { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey' | 'logSigning'> },
  by: ConfigActor,
): Promise<ReadableStream<Uint8Array> | null> {
  const head = await readCheckpoint(deps.prisma);
  if (head === null) return null;
  await withTx(deps.prisma, (tx) =>
    recordEvent(tx, deps.keys, { type: 'log.exported', actor: auditActor(by), detail: { entries: head.size } }),
  );
  return streamOf(exportLines(deps.prisma, { vkey: deps.keys.logSigning.vkey, until: head.size }));
}

function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await lines.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
