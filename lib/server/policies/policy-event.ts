// Server-only. A policy version moved: the log and the listeners hear of it in the transaction that moved it.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ConfigWrite } from '../db/config-write.ts';
import type { PolicyRow } from './policy-rows.ts';

type Moved = 'policy.drafted' | 'policy.proposed' | 'policy.published' | 'policy.withdrawn';
type Details = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Records what happened to a version. Rules stay out of the entry: their hash binds them, and the version keeps them. The
 * configuration's version moves on also for drafts, because that number is what browsers tell fresh from stale by.
 */
export async function policyMoved(
  write: ConfigWrite,
  type: Moved,
  row: PolicyRow,
  more: { readonly detail?: Details; readonly separation?: 'solo' | 'full' } = {},
): Promise<void> {
  const version = String(row.version);
  await recordEvent(write.tx, write.keys, {
    type,
    actor: auditActor(write.actor),
    policyVersion: row.version,
    ...(more.separation === undefined ? {} : { separation: more.separation }),
    detail: { version, base: String(row.baseVersion), hash: row.contentHash, ...more.detail },
  });
  await bumpConfig(write.tx, 'policies', version);
}
