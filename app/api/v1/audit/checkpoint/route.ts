import { err, ok } from '#lib/core/result.ts';
import { readCheckpoint } from '#lib/server/audit/read-head.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: AUDIT_READERS }, async ({ deps }) => {
  const head = await readCheckpoint(deps.prisma);
  if (head === null) return err({ code: 'not-found', detail: 'The log has no signed checkpoint yet.' });
  const { size, root, note, at } = head;
  return ok({ size: String(size), root, note, at: at.toISOString(), vkey: deps.keys.logSigning.vkey });
});
