// Server-only. Windows as a change of the policy meets them.
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { ConfigWrite } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { isForRule } from '../snapshot/observe-rules.ts';
import type { SnapshotObserve } from '../snapshot/snapshot.ts';
import { CONFIRMABLE_S } from './observe-window.ts';

/** One that runs, or (`waits`) that a second person may still start; then `endsAtMs` is the latest end it could have. */
export type BoundWindow = SnapshotObserve & { readonly id: string; readonly waits: boolean };

type Row = { id: string; scope: string; rule_hash: string | null; waits: boolean; ends_at: Date };

/** The windows that lift rules or denials, now or once confirmed. Assumes the policy lock where a change rests on it. */
export async function readBoundWindows(tx: Tx): Promise<readonly BoundWindow[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, scope, rule_hash, starts_at IS NULL AS waits,
      coalesce(ends_at, opened_at + make_interval(secs => ${CONFIRMABLE_S}, mins => minutes)) AS ends_at
    FROM observe_windows
    WHERE (scope LIKE 'rule:%' OR scope = 'control:policies') AND ended_at IS NULL
      AND coalesce(ends_at, opened_at + make_interval(secs => ${CONFIRMABLE_S})) > clock_timestamp()`;
  return rows.map(({ id, scope, rule_hash, waits, ends_at }) => ({
    id,
    scope,
    ruleHash: rule_hash,
    waits,
    endsAtMs: ends_at.getTime(),
  }));
}

/**
 * Ends the windows over rules that a version changes or leaves out: two people put another rule in observe, and the
 * window must not come back to life with a later version. Assumes the policy lock; whoever calls moves the configuration on.
 */
export async function endWindowsOfChangedRules(
  write: ConfigWrite,
  version: number,
  rules: readonly Rule[],
): Promise<void> {
  const { tx, actor } = write;
  for (const window of await readBoundWindows(tx)) {
    if (!window.scope.startsWith('rule:') || rules.some((rule) => isForRule(window, rule))) continue;
    const ended = await tx.$executeRaw`
      UPDATE observe_windows SET ended_at = clock_timestamp(), ended_by = ${personIdOf(actor)}::uuid
      WHERE id = ${window.id}::uuid AND ended_at IS NULL`;
    if (ended === 0) continue;
    await recordEvent(tx, write.keys, {
      type: 'observe.ended',
      actor: auditActor(actor),
      detail: { window: window.id, scope: window.scope, started: !window.waits, changedBy: String(version) },
    });
    await notify(tx, 'cs_exception', { kind: 'observe', id: window.id });
  }
}
