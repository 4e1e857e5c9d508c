// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { observeOpenSchema } from '#lib/contracts/exceptions.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import { withTx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { judgeScope } from './judge-scope.ts';
import { CONFIRMABLE_S, lockObserve, mayObserve } from './observe-window.ts';

/**
 * Asks for a control, a rule or a server to be in observe; nothing changes until a second person confirms.
 *
 * Refuses a scope that does not exist, longer than it may be, and a scope that has a window already, running or waiting.
 */
export function openWindow(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: z.infer<typeof observeOpenSchema>,
): Promise<Result<{ readonly id: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    if (!mayObserve(actor)) return err({ code: 'not-allowed', detail: 'Observe needs the role admin or security.' });
    await lockObserve(tx);
    const judged = await judgeScope(tx, input.scope, input.minutes);
    if (!judged.ok) return judged;
    const open = await tx.$queryRaw<{ waits: boolean }[]>`
      SELECT starts_at IS NULL AS waits FROM observe_windows WHERE scope = ${input.scope} AND ended_at IS NULL
        AND (ends_at > clock_timestamp()
          OR (starts_at IS NULL AND opened_at > clock_timestamp() - make_interval(secs => ${CONFIRMABLE_S})))`;
    if (open[0] !== undefined) {
      return err({
        code: 'conflict',
        detail: open[0].waits ? 'It waits for a second person already.' : 'It is in observe already; end that first.',
      });
    }
    const id = randomUUIDv7();
    const isSolo = (await readSeparation(tx)) === 'solo';
    await tx.$executeRaw`
      INSERT INTO observe_windows (id, scope, rule_hash, reason, opened_by, opened_at, opened_solo, minutes)
      VALUES (${id}::uuid, ${input.scope}, ${judged.value.ruleHash}, ${input.reason}, ${personIdOf(actor)}::uuid,
        clock_timestamp(), ${isSolo}, ${input.minutes})`;
    await recordEvent(tx, deps.keys, {
      type: 'observe.opened',
      actor: auditActor(actor),
      detail: { window: id, scope: input.scope, minutes: input.minutes, reason: input.reason },
    });
    await notify(tx, 'cs_exception', { kind: 'observe', id });
    return ok({ id });
  });
}
