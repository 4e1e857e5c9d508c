import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { neededEntry } from '#lib/core/egress/judge-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, type ConfigWrite, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { addEgressEntryIn } from '../egress/add-entry.ts';
import { loadEntries } from '../egress/entry-rows.ts';
import { isCovered, suggestEntry } from '../egress/suggest-entry.ts';

/**
 * Whether the allowlist covers a server's URL, counting in the entry that the admin confirmed. Asked before the
 * transaction, because naming the entry that is needed resolves the host.
 */
export async function checkReach(
  tx: Tx,
  server: { readonly name: string; readonly url: string; readonly egress: EgressEntryInput | undefined },
): Promise<Result<true, ConfigRefusal>> {
  const entries = await loadEntries(tx);
  if (isCovered(server.url, entries, server.egress, Date.now())) return ok(true);
  const needs = await suggestEntry(server.url, server.name);
  if (!needs.ok) return err(needs.error);
  return err({
    code: 'egress-entry-needed',
    detail: 'The allowlist does not cover this address yet.',
    extra: { needs: needs.value },
  });
}

/** Adds the confirmed entry, and refuses a URL that is still not covered or that no entry could open. */
export async function confirmReach(
  write: ConfigWrite,
  server: { readonly url: string; readonly egress: EgressEntryInput | undefined },
): Promise<Result<true, ConfigRefusal>> {
  const readable = neededEntry(server.url);
  if (!readable.ok) return refuse('invalid-request', readable.error.reason);
  if (server.egress !== undefined) {
    const added = await addEgressEntryIn(write, server.egress);
    if (!added.ok) return added;
  }
  const entries = await loadEntries(write.tx);
  if (!isCovered(server.url, entries, undefined, write.now.getTime())) {
    return refuse('egress-entry-needed', 'The allowlist does not cover this address.');
  }
  return ok(true);
}
