// Server-only. Which grants may exist, in memory: a call of an agent without one pays a map lookup.
import type pg from 'pg';
import { type CompiledGrant, compileGrant } from '#lib/core/grants/grant.ts';
import type { Log } from '../log.ts';
import { GRANT_COLUMNS, termsOf, toGrantRow } from './grant-row.ts';

/** A running grant as this process knows it; whether it may be used now is the database's to say. */
export type KnownGrant = {
  readonly grant: CompiledGrant;
  /** By the database's clock. */
  readonly expiresAtMs: number;
  /** Ids and e-mail addresses of those who approved it: a call on their behalf would be theirs to approve. */
  readonly approvers: ReadonlySet<string>;
};

export type GrantBook = {
  /** Those of one agent, in the order in which they run out. */
  of(agentId: string): readonly KnownGrant[];
  /** The database says that this one serves no more. */
  forget(grantId: string): void;
  /** A notification named a grant. */
  heard(payload: string): void;
  reload(): Promise<void>;
  close(): void;
};

/** A lost notification delays a new grant by no more than this; an ended one is refused by the database in any case. */
const POLL_MS = 5_000;
const NONE: readonly KnownGrant[] = [];
const LOAD_SQL = `SELECT ${GRANT_COLUMNS}, extract(epoch FROM g.expires_at) * 1000 AS expires_at_ms,
    ARRAY(SELECT unnest(ARRAY[p.id::text, p.email]) FROM grant_votes v JOIN people p ON p.id = v.person_id
      WHERE v.grant_id = g.id AND v.decision = 'approve') AS approvers
  FROM grants g WHERE g.status = 'active' AND g.expires_at > clock_timestamp() ORDER BY g.expires_at, g.id`;

/** Reads the running grants and keeps them current; one whose condition does not compile is left out, so it covers nothing. */
export async function createGrantBook(pool: pg.Pool, log: Log): Promise<GrantBook> {
  let byAgent: ReadonlyMap<string, readonly KnownGrant[]> = new Map();
  let running: Promise<void> | null = null;
  let again = false;

  async function load(): Promise<void> {
    const { rows } = await pool.query<{ expires_at_ms: string; approvers: string[] }>(LOAD_SQL);
    const next = new Map<string, KnownGrant[]>();
    for (const row of rows) {
      const terms = termsOf(toGrantRow(row));
      const grant = compileGrant(terms);
      if (!grant.ok) {
        log.error({ grant: terms.id }, 'the condition of a grant does not compile; the grant covers nothing');
        continue;
      }
      const known = { grant: grant.value, expiresAtMs: Number(row.expires_at_ms), approvers: new Set(row.approvers) };
      const list = next.get(terms.agentId);
      if (list === undefined) next.set(terms.agentId, [known]);
      else list.push(known);
    }
    byAgent = next;
  }

  async function loadUntilCurrent(): Promise<void> {
    do {
      again = false;
      await load().catch((error: unknown) => log.error({ err: error }, 'grants could not be read'));
    } while (again);
  }

  function reload(): Promise<void> {
    again = true;
    running ??= loadUntilCurrent().finally(() => {
      running = null;
    });
    return running;
  }

  await load();
  const poll = setInterval(() => void reload(), POLL_MS);
  poll.unref();

  return {
    of: (agentId) => byAgent.get(agentId) ?? NONE,
    forget: (grantId) => {
      const next = new Map<string, readonly KnownGrant[]>();
      for (const [agentId, list] of byAgent) {
        next.set(
          agentId,
          list.filter((known) => known.grant.terms.id !== grantId),
        );
      }
      byAgent = next;
    },
    heard: (payload) => {
      if (!isMereUse(payload, byAgent)) void reload();
    },
    reload,
    close: () => clearInterval(poll),
  };
}

/** Uses are announced for the people who watch; a process that knows the grant learns nothing from them. */
function isMereUse(payload: string, byAgent: ReadonlyMap<string, readonly KnownGrant[]>): boolean {
  try {
    const hint: unknown = JSON.parse(payload);
    if (typeof hint !== 'object' || hint === null || !('id' in hint) || !('status' in hint)) return false;
    if (hint.status !== 'active') return false;
    for (const list of byAgent.values()) if (list.some(({ grant }) => grant.terms.id === hint.id)) return true;
    return false;
  } catch {
    return false;
  }
}
