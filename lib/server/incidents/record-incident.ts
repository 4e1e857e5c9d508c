// Server-only. What the log and the open pages are told of an incident.
import type { AuditEventType } from '#lib/core/audit/event-types.ts';
import type { AuditActor } from '#lib/core/identity/audit-actor.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import type { IncidentRow } from './incident-rows.ts';

/** Nothing of an incident is sealed: what is said of it is ours, and arguments never come near. */
const NO_KEYS = { masterKey: new Uint8Array() };

type Told = Pick<IncidentRow, 'id' | 'kind' | 'severity' | 'drill'>;

/** Writes the change into the log and hints at it. What people write stays in the incident. */
export async function recordIncident(
  tx: Tx,
  type: Extract<AuditEventType, `incident.${string}`>,
  incident: Told & { readonly version: number },
  by: AuditActor = auditActor('system'),
  more: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const { id, kind, severity, drill } = incident;
  await recordEvent(tx, NO_KEYS, { type, actor: by, detail: { incident: id, kind, severity, drill, ...more } });
  await hintIncident(tx, incident);
}

/** Tells open pages that it changed. */
export async function hintIncident(tx: Tx, { id, version }: { readonly id: string; readonly version: number }) {
  await notify(tx, 'cs_incident', { id, version });
}
