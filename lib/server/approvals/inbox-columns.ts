// Server-only.
import type { InboxRow } from '../audit/record-event.ts';

/** Inbox rows as three arrays, for `unnest($n::text[], $m::bytea[], $k::bytea[])` inside a statement. */
export function inboxColumns(rows: readonly InboxRow[]): [string[], (Uint8Array | null)[], (Uint8Array | null)[]] {
  return [rows.map((row) => row.event), rows.map((row) => row.salt), rows.map((row) => row.payload)];
}
