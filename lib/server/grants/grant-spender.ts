// Server-only. Uses of grants, many in one statement: the gateway's second way into the log.
import pg from 'pg';
import type { Tier } from '#lib/core/risk/types.ts';
import type { InboxRow } from '../audit/record-event.ts';
import { AuditUnavailable } from '../calls/audit-writer.ts';
import { binaryArray } from '../calls/binary-array.ts';
import type { Log } from '../log.ts';
import { SPEND_SQL } from './spend-sql.ts';

const BATCH_CAP = 256;
/** Beyond this the database is not keeping up; waiting calls would only grow the heap. */
const QUEUE_CAP = 20_000;
const GIVE_UP_MS = 5_000;
/** People see a count move this often; each notification makes its commit wait for every other one. */
const ANNOUNCE_MS = 1_000;

/** One use of one grant, as the gateway judged it. */
export type GrantUse = {
  readonly grantId: string;
  readonly tool: string;
  readonly toolDigest: string;
  readonly serverConfigHash: string;
  readonly tier: Tier;
  readonly actionClass: string;
  /** The agent's word for the human it acts for: neither they nor who speaks for them can have approved this use. */
  readonly onBehalfOf: string | null;
  /** The kill epoch and the policy version that the verdict was reached by. */
  readonly knownEpoch: bigint;
  readonly policyVersion: number;
  /** Inserted by the same statement: `grant.used` and the call's intent. */
  readonly rows: readonly InboxRow[];
  /** `grant.ended`, for the case that this is the last use. */
  readonly ended: () => InboxRow;
};

export type Spent =
  | { readonly kind: 'spent' }
  /** The kill epoch moved: renew the lease, then judge again. */
  | { readonly kind: 'epoch-moved' }
  /** Another policy version is in force: reload, then judge again. */
  | { readonly kind: 'policy-moved' }
  /** Used up, run out, ended, or no longer for this call. */
  | { readonly kind: 'gone' };

export type GrantSpender = {
  /** Resolves once the use and its rows are committed, or say why there is none. Rejects when nobody knows. */
  spend(use: GrantUse): Promise<Spent>;
  /** Writes what is queued, then lets the connection go. */
  close(): Promise<void>;
};

type Entry = {
  readonly use: GrantUse;
  readonly resolve: (spent: Spent) => void;
  readonly reject: (error: Error) => void;
};
type Reading = { spent: number[] | null; current: boolean; policy: number };

/**
 * Groups uses into commits without a timer: a batch is whatever came while the last one was in flight, as long as it was
 * judged by the same epoch and policy. A statement that fails rejects its whole batch: a use may be lost, none is gained.
 */
export function createGrantSpender(databaseUrl: string, log: Log): GrantSpender {
  let queue: Entry[] = [];
  let flushing: Promise<void> | null = null;
  let client: pg.Client | null = null;
  let closed = false;
  const announcedAtMs = new Map<string, number>();

  /** Which grants of a batch were not announced within the last second. */
  function dueOf(grantIds: Iterable<string>): string[] {
    const now = performance.now();
    const due = [...new Set(grantIds)].filter((id) => now - (announcedAtMs.get(id) ?? -ANNOUNCE_MS) >= ANNOUNCE_MS);
    if (announcedAtMs.size > QUEUE_CAP) announcedAtMs.clear();
    for (const id of due) announcedAtMs.set(id, now);
    return due;
  }

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'countersign-grants',
      connectionTimeoutMillis: GIVE_UP_MS,
      query_timeout: GIVE_UP_MS,
      keepAlive: true,
    });
    next.on('error', () => {
      if (client === next) client = null;
    });
    await next.connect();
    // Planning this statement costs more than running it; the plan does not depend on the parameters.
    await next.query('SET plan_cache_mode = force_generic_plan');
    return next;
  }

  async function write(batch: readonly Entry[]): Promise<void> {
    client ??= await connect();
    const uses = batch.map((entry) => entry.use);
    const values = [...parametersOf(uses), dueOf(uses.map((use) => use.grantId))];
    const { rows } = await client.query<Reading>({ name: 'spend-grants', text: SPEND_SQL, values });
    const reading = rows[0];
    if (reading === undefined) throw new Error('Spending a grant answered nothing.');
    const spent = new Set(reading.spent ?? []);
    batch.forEach((entry, at) => {
      if (spent.has(at + 1)) entry.resolve({ kind: 'spent' });
      else if (!reading.current) entry.resolve({ kind: 'epoch-moved' });
      else if (reading.policy !== entry.use.policyVersion) entry.resolve({ kind: 'policy-moved' });
      else entry.resolve({ kind: 'gone' });
    });
  }

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      const batch = nextBatch();
      try {
        await write(batch);
      } catch (cause) {
        log.error({ err: cause, uses: batch.length }, 'grants could not be spent');
        const lost = client;
        client = null;
        await lost?.end().catch(() => undefined);
        const error = new AuditUnavailable('The database did not say whether a grant was spent.', { cause });
        for (const entry of batch) entry.reject(error);
      }
    }
    flushing = null;
  }

  /** Takes from the front what shares its epoch and policy. */
  function nextBatch(): Entry[] {
    const first = queue[0]?.use;
    const same = ({ use }: Entry) => use.knownEpoch === first?.knownEpoch && use.policyVersion === first.policyVersion;
    if (queue.length <= BATCH_CAP && queue.every(same)) {
      const all = queue;
      queue = [];
      return all;
    }
    const batch = queue.filter(same).slice(0, BATCH_CAP);
    const taken = new Set(batch);
    queue = queue.filter((entry) => !taken.has(entry));
    return batch;
  }

  return {
    spend: (use) =>
      new Promise((resolve, reject) => {
        if (closed || queue.length >= QUEUE_CAP) {
          reject(new AuditUnavailable(closed ? 'The spender is closed.' : 'Too many uses of grants are waiting.'));
          return;
        }
        queue.push({ use, resolve, reject });
        flushing ??= flush();
      }),
    close: async () => {
      closed = true;
      await flushing;
      await client?.end().catch(() => undefined);
      client = null;
    },
  };
}

/** The parameters of `SPEND_SQL`; equal subjects are checked once, whatever the number of uses. */
function parametersOf(uses: readonly GrantUse[]): unknown[] {
  const [first] = uses;
  if (first === undefined) throw new Error('There is nothing to spend.');
  const subjects = new Map<string, { readonly at: number; readonly use: GrantUse }>();
  const ended = new Map<string, string>();
  const subjectOf: number[] = [];
  const rowUse: number[] = [];
  const rows: InboxRow[] = [];
  uses.forEach((use, at) => {
    const { grantId, toolDigest, serverConfigHash, tier, actionClass, tool, onBehalfOf } = use;
    // Quoted, because some of it is others' words: two subjects must not read as one.
    const key = JSON.stringify([grantId, toolDigest, serverConfigHash, tier, actionClass, tool, onBehalfOf]);
    const subject = subjects.get(key) ?? { at: subjects.size + 1, use };
    subjects.set(key, subject);
    if (!ended.has(grantId)) ended.set(grantId, use.ended().event);
    subjectOf.push(subject.at);
    for (const row of use.rows) {
      rowUse.push(at + 1);
      rows.push(row);
    }
  });
  const of = (part: (use: GrantUse) => string | null) =>
    binaryArray(
      'text',
      Array.from(subjects.values(), ({ use }) => part(use)),
    );
  return [
    first.knownEpoch.toString(),
    first.policyVersion,
    of((use) => use.grantId),
    of((use) => use.tool),
    of((use) => use.toolDigest),
    of((use) => use.serverConfigHash),
    of((use) => use.tier),
    of((use) => use.actionClass),
    binaryArray('text', [...ended.keys()]),
    binaryArray('text', [...ended.values()]),
    subjectOf,
    of((use) => use.onBehalfOf),
    rowUse,
    binaryArray(
      'text',
      rows.map((row) => row.event),
    ),
    binaryArray(
      'bytea',
      rows.map((row) => row.salt),
    ),
    binaryArray(
      'bytea',
      rows.map((row) => row.payload),
    ),
  ];
}
