import type { ProblemCode, Refusal } from '#lib/contracts/problems.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { StartChild } from '../runner/child-starter.ts';
import type { Database } from './prisma.ts';
import { databaseNow, type Tx, withTx } from './tx.ts';

/** What a configuration use-case works with. */
export type ConfigDeps = {
  readonly prisma: Database;
  readonly keys: Keys;
  /** The way to the runner, for those who list the tools of stdio servers. */
  readonly startChild?: StartChild;
};

/** One change of the configuration: its transaction, who makes it, and the database's time. */
export type ConfigWrite = {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly actor: ConfigActor;
  readonly now: Date;
};

/** A refusal with members that the answer shows beside the problem, such as the allowlist entry that is needed. */
export type ConfigRefusal = Refusal & { readonly extra?: Readonly<Record<string, unknown>> };

/** A refusal inside a transaction, thrown so that everything rolls back, and turned into a value outside of it. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** Whether the actor may change the registry: an admin, or the operator at the host. */
export function mayConfigure(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || actor.roles.includes('admin');
}

/**
 * Runs one change of the configuration in one transaction.
 *
 * Refuses everybody but admins and the operator before anything is read. A refusal that the work returns rolls back
 * whatever it wrote: half a change would be a configuration that nobody asked for.
 */
export async function writeConfig<T, R extends Refusal = Refusal>(
  deps: ConfigDeps,
  actor: ConfigActor,
  work: (write: ConfigWrite) => Promise<Result<T, R>>,
  allowed: (actor: ConfigActor) => boolean = mayConfigure,
): Promise<Result<T, R | Refusal>> {
  if (!allowed(actor)) return refuse('not-allowed', 'Only an admin may change this.');
  let refused: { readonly ok: false; readonly error: R } | null = null;
  try {
    return await withTx(deps.prisma, async (tx) => {
      const result = await work({ tx, keys: deps.keys, actor, now: await databaseNow(tx) });
      if (!result.ok) {
        refused = err(result.error);
        throw new Refused(result.error);
      }
      return result;
    });
  } catch (error) {
    if (error instanceof Refused && refused !== null) return refused;
    throw error;
  }
}

/** A refusal with a code of the problem table. */
export function refuse(code: ProblemCode, detail?: string): { readonly ok: false; readonly error: Refusal } {
  return err(detail === undefined ? { code } : { code, detail });
}
