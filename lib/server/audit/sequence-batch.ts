// Server-only. Turns inbox rows into entries: number, time, place in the session, leaf. No database here.
import { hash } from 'node:crypto';
import { MAX_ENTRY_BYTES, nextInSession } from '#lib/core/audit/entry.ts';
import { nativeLeafHash } from './native-hash.ts';

/** A drained row; `ts` is the database's time of the insert, as ISO 8601 UTC text. */
export type DrainedRow = {
  readonly id: string;
  readonly event: string;
  readonly ts: string;
  readonly salt: Buffer | null;
  readonly payload: Buffer | null;
};

/** A row of audit_entries; its `seq` is the batch's first plus its place. */
export type NewEntry = {
  readonly leaf: Buffer;
  readonly entry: string;
  readonly ts: string;
  readonly type: string;
  readonly eventId: string;
  readonly callId: string | null;
  readonly requestId: string | null;
  readonly sessionId: string | null;
  readonly agent: string | null;
  readonly server: string | null;
  readonly tool: string | null;
  readonly actor: string | null;
  readonly decision: string | null;
  readonly tier: string | null;
  readonly policyVersion: number | null;
  readonly host: string | null;
};

/** The last entry of a session, or null while it has none. */
export type SessionTail = { readonly seq: number; readonly leaf: Buffer };

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
type Loose = { [name: string]: unknown };

/** A drained row, read once: its session is looked up before its entry can be made. */
export type ReadRow = { readonly row: DrainedRow; readonly event: Loose; readonly sessionId: string | null };

/** Reads the rows' events. */
export function readRows(rows: readonly DrainedRow[]): readonly ReadRow[] {
  return rows.map((row) => {
    const event = parseEvent(row);
    return { row, event, sessionId: text(member(event.session, 'id')) };
  });
}

/**
 * Makes the entries of a batch, in the order given. Assumes `tails` knows every session of the batch that has entries,
 * and moves it forward. A row that is not one of our events is entered as `log.unreadable` with its hash: refusing it
 * would let one bad row stop the log, and with it every call.
 */
export function sequenceBatch(rows: readonly ReadRow[], tails: Map<string, SessionTail>): readonly NewEntry[] {
  return rows.map(({ row, event, sessionId }) => {
    const before = sessionId === null ? undefined : tails.get(sessionId);
    if (sessionId !== null) {
      const { id, seq, prev } = nextInSession(sessionId, before ?? null);
      event.session = { id, prev, seq };
    }
    event.ts = row.ts;
    const entry = JSON.stringify(event);
    const leaf = nativeLeafHash(entry);
    const type = text(event.type) ?? 'log.unreadable';
    if (sessionId !== null) tails.set(sessionId, { seq: (before?.seq ?? 0) + 1, leaf });
    return {
      leaf,
      entry,
      ts: row.ts,
      type,
      eventId: uuid(event.event_id) ?? unreadableId(row),
      callId: uuid(event.call_id),
      requestId: uuid(event.request_id),
      sessionId,
      agent: text(member(event.agent, 'name')),
      server: text(member(event.server, 'name')),
      tool: text(event.tool),
      actor: text(member(event.actor, 'name')),
      decision: text(event.decision),
      tier: text(event.tier),
      policyVersion: version(member(event.policy, 'ver')),
      host: type.startsWith('egress.') ? text(member(event.detail, 'host')) : null,
    };
  });
}

/** Members keep the order in which the builder wrote them, which is the canonical one; filling in place keeps it. */
function parseEvent(row: DrainedRow): Loose {
  if (Buffer.byteLength(row.event) <= MAX_ENTRY_BYTES) {
    try {
      const parsed: unknown = JSON.parse(row.event);
      if (isLoose(parsed) && typeof parsed.type === 'string' && parsed.ts === '' && uuid(parsed.event_id)) {
        return parsed;
      }
    } catch {
      // Falls through to the entry that says so.
    }
  }
  return {
    actor: { id: 'sequencer', name: 'sequencer', type: 'system' },
    detail: { inbox_id: row.id, sha256: hash('sha256', row.event) },
    event_id: unreadableId(row),
    ts: '',
    type: 'log.unreadable',
    v: 1,
  };
}

/** A fixed id for a row without one, so that a batch tried twice gives the same entry. */
function unreadableId(row: DrainedRow): string {
  const digest = hash('sha256', `countersign/unreadable/v1\n${row.id}\n${row.event}`);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

function isLoose(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, name: string): unknown {
  return isLoose(value) ? value[name] : undefined;
}

/** PostgreSQL stores no NUL and no lone surrogate; the entry's own text carries both escaped. */
function text(value: unknown): string | null {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').toWellFormed() : null;
}

/** As PostgreSQL's integer holds it; anything else is not looked for by version. */
function version(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31 ? value : null;
}

function uuid(value: unknown): string | null {
  return typeof value === 'string' && UUID.test(value) ? value : null;
}
