// Server-only. The one way into the log: a row of audit_inbox in the transaction that does what the event tells.
import { hash, randomUUIDv7 } from 'node:crypto';
import { MAX_ENTRY_BYTES } from '#lib/core/audit/entry.ts';
import type { AuditEventType } from '#lib/core/audit/event-types.ts';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';
import { hmacSha256 } from '../keys/hmac.ts';
import { freshRandom } from '../keys/random-bytes.ts';
import { boundText } from './bound-text.ts';
import { sealPayload } from './sealed-payload.ts';

/** What a use-case tells the log. `agent`, `server` and `tool` are names; `payload` never enters the entry in clear. */
export type AuditEventInput = {
  readonly type: AuditEventType;
  readonly actor: {
    readonly type: 'agent' | 'person' | 'operator' | 'system';
    readonly id: string;
    readonly name: string;
  };
  readonly session?: string;
  readonly agent?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly callId?: string;
  readonly requestId?: string;
  readonly tier?: Tier;
  readonly actionClass?: ActionClass;
  readonly decision?: string;
  readonly code?: string;
  readonly digest?: string;
  /** A plain hash of arguments is found by trying `{"confirm":true}`: pass the arguments as `payload` instead. */
  readonly argsHash?: never;
  readonly policyVersion?: number;
  readonly rule?: string;
  readonly quorum?: { readonly needed: number; readonly approved: number; readonly voters: readonly string[] };
  readonly killEpoch?: string;
  readonly result?: { readonly status: string; readonly latencyMs?: number; readonly bytes?: number };
  readonly separation?: 'solo' | 'full';
  /** Configuration facts. Never secrets, never arguments. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** Canonical JSON text: sealed beside the log; only its commitment enters the entry. */
  readonly payload?: string;
};

/** A row of audit_inbox, and the event's id. */
export type InboxRow = {
  readonly eventId: string;
  readonly event: string;
  readonly salt: Uint8Array | null;
  readonly payload: Uint8Array | null;
};

export type EventKeys = { readonly masterKey: Uint8Array };

/** What the sequencer still adds (session.seq, session.prev, digits of ts) must fit as well. */
const ROOM_FOR_SEQUENCER = 160;
const SALT_BYTES = 32;
const MOST_DETAILS = 24;
const MOST_VOTERS = 16;
const WIDE = { name: 100, tool: 128, session: 128, short: 64, detail: 200 } as const;
const NARROW = { name: 32, tool: 48, session: 48, short: 32, detail: 0 } as const;
type Widths = { readonly [K in keyof typeof WIDE]: number };

/**
 * The inbox row of an event, without touching a database: the gateway's group commit inserts many at once.
 *
 * The payload is sealed under a key of its own, HMAC(master key, salt), and committed to by HMAC(salt, payload): giving
 * away one salt opens one event, erasing it closes that event for ever, and the tree stays whole either way. The time is
 * not in the row's text: the database's clock stamps the row and the sequencer writes that into the entry. `now` is
 * accepted for callers that keep a clock at hand and is not recorded, because a process's clock proves nothing.
 */
export function buildInboxRow(
  event: AuditEventInput,
  options: EventKeys & { readonly now?: Date; readonly eventId?: string },
): InboxRow {
  const eventId = options.eventId ?? randomUUIDv7();
  if (event.payload === undefined) {
    return { eventId, event: eventText(event, eventId, null), salt: null, payload: null };
  }
  const salt = freshRandom(SALT_BYTES);
  const commitment = hmacSha256(salt, event.payload, 'hex');
  const payload = sealPayload(options.masterKey, salt, eventId, event.payload);
  return { eventId, event: eventText(event, eventId, commitment), salt, payload };
}

/**
 * Writes the event into the transaction that changes what it tells, and returns its id. A failure throws, so the
 * transaction rolls back: no row, no change.
 */
export async function recordEvent(tx: Tx, keys: EventKeys, event: AuditEventInput): Promise<string> {
  const row = buildInboxRow(event, keys);
  await tx.$executeRaw`INSERT INTO audit_inbox (event, salt, payload) VALUES (${row.event}, ${row.salt}, ${row.payload})`;
  return row.eventId;
}

function eventText(event: AuditEventInput, eventId: string, commitment: string | null): string {
  const text = entryJson(event, eventId, commitment, WIDE);
  if (Buffer.byteLength(text) <= MAX_ENTRY_BYTES - ROOM_FOR_SEQUENCER) return text;
  return entryJson(event, eventId, commitment, NARROW);
}

/**
 * Canonical JSON (RFC 8785) without a canonicaliser: members are written in sorted order, names are plain ASCII, and
 * JSON.stringify already formats strings and numbers as the RFC asks. A property test holds it to `canonicalJson`.
 * `session` carries only its id and `ts` is empty: the sequencer fills both in place.
 */
function entryJson(event: AuditEventInput, eventId: string, commitment: string | null, width: Widths): string {
  const commits = commitment === null ? {} : commitmentOf(event.type, commitment);
  const { actor, quorum } = event;
  const short = (text: string | undefined) => (text === undefined ? undefined : boundText(text, width.short));
  const policy =
    event.rule === undefined && event.policyVersion === undefined
      ? undefined
      : { id: short(event.rule), ver: event.policyVersion };
  return JSON.stringify({
    action_class: event.actionClass,
    actor: { id: boundText(actor.id, width.short), name: boundText(actor.name, width.name), type: actor.type },
    agent: event.agent === undefined ? undefined : { name: boundText(event.agent, width.short) },
    approval_digest: short(event.digest),
    args_commit: commits.args,
    call_id: event.callId,
    code: short(event.code),
    decision: short(event.decision),
    detail: event.detail === undefined ? undefined : boundDetail(event.detail, width.detail),
    event_id: eventId,
    kill_epoch: short(event.killEpoch),
    policy,
    quorum: quorum && {
      approved: quorum.approved,
      needed: quorum.needed,
      voters: quorum.voters.slice(0, MOST_VOTERS).map((voter) => boundText(voter, 40)),
    },
    reason_commit: commits.reason,
    request_id: event.requestId,
    result: resultOf(event, commits.result, width),
    separation: event.separation === 'solo' ? 'solo' : undefined,
    server: event.server === undefined ? undefined : { name: boundText(event.server, width.short) },
    session:
      event.session === undefined
        ? undefined
        : { id: boundText(auditSessionId(event.agent, event.session), width.session) },
    tier: event.tier,
    tool: event.tool === undefined ? undefined : boundText(event.tool, width.tool),
    ts: '',
    type: event.type,
    v: 1,
  });
}

type Commitments = { readonly args?: string; readonly reason?: string; readonly result?: string };

/** Which member the commitment is: a result's for outcomes, the reason's for votes, the arguments' for all else. */
function commitmentOf(type: AuditEventType, commitment: string): Commitments {
  if (type === 'call.outcome' || type === 'request.finished') return { result: commitment };
  if (type === 'vote.cast' || type === 'vote.refused') return { reason: commitment };
  return { args: commitment };
}

function resultOf(event: AuditEventInput, commitment: string | undefined, width: Widths) {
  const { result } = event;
  if (result === undefined && commitment === undefined) return undefined;
  return {
    bytes: whole(result?.bytes),
    commit: commitment,
    latency_ms: whole(result?.latencyMs),
    status: boundText(result?.status ?? 'unknown', width.short),
  };
}

/** Whole and safe, or left out: another reader's JSON would round it and then see another entry. */
function whole(value: number | undefined): number | undefined {
  const rounded = Math.round(value ?? Number.NaN);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

function boundDetail(detail: NonNullable<AuditEventInput['detail']>, width: number): Record<string, unknown> {
  const names = Object.keys(detail).sort();
  if (width === 0 || names.length > MOST_DETAILS) {
    return { cut_members: names.length, cut_sha256: hash('sha256', JSON.stringify(detail)) };
  }
  const bounded: Record<string, unknown> = {};
  for (const name of names) {
    // Names are ours. One that JavaScript would move to the front, or that is not plain ASCII, would break the order.
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name)) throw new TypeError('an audit detail has an unusable name');
    const value = detail[name];
    bounded[name] =
      typeof value === 'string' ? boundText(value, width) : typeof value === 'number' ? whole(value) : (value ?? null);
  }
  return bounded;
}
