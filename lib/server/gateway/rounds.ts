// Server-only. Single use of `requestState`, for all gateways together.
import type pg from 'pg';

const REDEEM_SQL = `INSERT INTO mcp_rounds (id, agent_id, expires_at)
  SELECT $1, $2::uuid, $3::timestamptz WHERE $3::timestamptz > clock_timestamp()
  ON CONFLICT (id) DO NOTHING`;

/** Redeems a state; false when it was redeemed before or has run out, by the database's clock. */
export async function redeemRound(
  pool: pg.Pool,
  round: { readonly id: string; readonly agentId: string; readonly expiresAt: string },
): Promise<boolean> {
  const { rowCount } = await pool.query(REDEEM_SQL, [round.id, round.agentId, round.expiresAt]);
  return rowCount === 1;
}
