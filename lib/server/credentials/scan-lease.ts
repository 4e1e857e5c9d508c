// Server-only. What a server's own credential adds when its tools are read, outside of any call.
import { isEnded } from '#lib/core/credentials/kinds.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { ConfigDeps, ConfigRefusal } from '../db/config-write.ts';
import { databaseNow } from '../db/tx.ts';
import { createEgress } from '../egress/connector.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import type { GuardedFetch } from '../egress/guarded-fetch.ts';
import { createAttemptBook } from '../egress/record-attempt.ts';
import type { Lease } from './leases.ts';
import { makeLease } from './make-lease.ts';
import { openMaterial } from './material.ts';

export type ScannedServer = { readonly id: string; readonly name: string; readonly configHash: string };

/**
 * The lease of the version in use, or of the one named; null for a server without a credential. Refuses an ended one and one
 * that was given for another address or command, as a call would be.
 */
export async function leaseForScan(
  deps: Pick<ConfigDeps, 'prisma' | 'keys'>,
  server: ScannedServer,
  version?: number,
): Promise<Result<Lease | null, ConfigRefusal>> {
  const { prisma, keys } = deps;
  const row = await prisma.credential.findFirst({
    where: { serverId: server.id, retiredAt: null, kind: { not: 'client-certificate' } },
    include: { secrets: { where: version === undefined ? { state: 'current' } : { version } } },
  });
  if (row === null) return ok(null);
  const now = (await databaseNow(prisma)).getTime();
  if (isEnded(row.endsAt?.getTime() ?? null, now)) {
    return err({ code: 'credential-ended', detail: `The credential of ${server.name} has ended.` });
  }
  const secret = row.secrets[0];
  if (secret === undefined) return err({ code: 'credential-unavailable', detail: 'It has no version in use.' });
  const material = await openMaterial(
    { prisma, keys },
    { credentialId: row.id, version: secret.version, server: { id: server.id, configHash: server.configHash } },
  );
  if (!material.ok) return err({ code: 'credential-unavailable', detail: material.error });
  const entries = await loadEntries(prisma);
  const attempts = createAttemptBook({ prisma, keys });
  const egress = createEgress({ entries: () => entries, connections: 2, note: attempts.note });
  const ahead = now - performance.now();
  try {
    const made = await makeLease(egress, material.value, () => performance.now() + ahead);
    return made.ok ? made : err({ code: 'credential-unavailable', detail: made.error });
  } finally {
    await egress.close();
    await attempts.close();
  }
}

/**
 * A fetch that presents the lease at exactly one address, the server's. A library that follows an address out of the server's
 * answers takes nothing along, and what the server echoes is taken out line by line.
 */
export function presenting(fetch: GuardedFetch, lease: Lease | null, serverUrl: string): GuardedFetch {
  if (lease === null) return fetch;
  return async (url, init) => {
    if (String(url) !== serverUrl) return fetch(url, init);
    const headers = new Headers(init?.headers);
    for (const [name, value] of lease.headers) headers.set(name, value);
    const answer = await fetch(url, { ...init, headers });
    if (answer.body === null) return answer;
    return new Response(answer.body.pipeThrough(redactLines(lease)), {
      status: answer.status,
      statusText: answer.statusText,
      headers: answer.headers,
    });
  };
}

/** JSON bodies and the data of events hold no line break inside a message, so a line is never cut within a secret. */
function redactLines(lease: Lease): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  return new TransformStream({
    transform: (chunk, controller) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) controller.enqueue(encoder.encode(`${lease.redact(line)}\n`));
    },
    flush: (controller) => {
      rest += decoder.decode();
      if (rest !== '') controller.enqueue(encoder.encode(lease.redact(rest)));
    },
  });
}
