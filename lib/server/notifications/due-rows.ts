// Server-only. The outbox's rows that are due for one target.
import type { Tx } from '../db/tx.ts';
import type { Target } from './claim-delivery.ts';

export type DueRow = {
  readonly id: string;
  readonly kind: string;
  readonly tier: string | null;
  readonly type: string;
  readonly title: string;
  readonly path: string;
  readonly requestId: string | null;
  readonly onCall: boolean;
  readonly createdAt: Date;
  readonly sentTo: string[];
  readonly email: string | null;
  /** The person's, now. */
  readonly roles: string[] | null;
  /** When its request ends. */
  readonly expiresAt: Date | null;
  /** Its request still waits for people. */
  readonly isOpen: boolean;
  /** The person is still one who may decide it, or who holds any role; true for rooms and machines. */
  readonly isTheirs: boolean;
};

const MOST_ROWS = 200;

/** Reads and locks them, oldest first. Rows that another worker holds are its own. */
export function readDue(tx: Tx, { channelId, personId }: Target): Promise<DueRow[]> {
  return tx.$queryRaw<DueRow[]>`
    SELECT d.id::text, d.kind, d.tier, d.type, d.title, d.path, d.request_id::text AS "requestId", d.on_call AS "onCall",
      d.created_at AS "createdAt", d.sent_to::text[] AS "sentTo", p.email, p.roles::text[] AS roles, r.expires_at AS "expiresAt",
      coalesce(r.status = 'pending' AND r.expires_at > clock_timestamp(), false) AS "isOpen",
      CASE WHEN d.person_id IS NULL THEN true
        WHEN p.status <> 'active' OR cardinality(p.roles) = 0 THEN false
        WHEN r.id IS NULL THEN true
        ELSE voter_exclusion(p.id, r.agent_id, r.agent_owner_id, r.on_behalf_of, r.opened_solo) IS NULL
          AND NOT EXISTS (SELECT FROM votes v WHERE v.request_id = r.id AND v.person_id = p.id AND v.withdrawn_at IS NULL)
        END AS "isTheirs"
    FROM notification_deliveries d LEFT JOIN people p ON p.id = d.person_id
      LEFT JOIN approval_requests r ON r.id = d.request_id
    WHERE d.channel_id = ${channelId}::uuid AND d.person_id IS NOT DISTINCT FROM ${personId}::uuid
      AND d.state = 'waiting' AND d.due_at <= clock_timestamp()
    ORDER BY d.created_at, d.id LIMIT ${MOST_ROWS} FOR UPDATE OF d SKIP LOCKED`;
}

/** Ends messages that are of no use. What they stood for waits by itself again: nobody was told of it. */
export async function dropRows(tx: Tx, rows: readonly DueRow[], why: string): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.id);
  await tx.$executeRaw`
    UPDATE notification_deliveries SET state = 'dropped', why = ${why} WHERE id = ANY(${ids}::uuid[])`;
  await releaseCollapsed(tx, ids);
}

export async function releaseCollapsed(tx: Tx, leaders: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE notification_deliveries SET state = 'waiting', collapsed_into = NULL, why = NULL, due_at = clock_timestamp()
    WHERE collapsed_into = ANY(${[...leaders]}::uuid[])`;
}

export async function putOff(tx: Tx, rows: readonly DueRow[], until: Date, why: string): Promise<void> {
  const ids = rows.map((row) => row.id);
  await tx.$executeRaw`
    UPDATE notification_deliveries SET due_at = ${until}, why = ${why} WHERE id = ANY(${ids}::uuid[])`;
}
