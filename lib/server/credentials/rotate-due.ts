// Server-only. Rotations that nobody has to think of: due ones with a hook.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { ConfigDeps } from '../db/config-write.ts';
import { withTx } from '../db/tx.ts';
import { askHook, hookSchema } from './ask-hook.ts';
import { findCredential } from './find-credential.ts';
import { rotateCredential } from './rotate-credential.ts';

/** After a failure: 1, 2, 4, … minutes, at most this. */
const LONGEST_PAUSE_MINUTES = 24 * 60;

/**
 * Rotates one credential whose rotation is due, with the secret that its hook delivers. Answers whether there was one.
 *
 * It is taken by moving its next attempt into the future, which only one worker can do; whoever is killed after that leaves
 * it to the next attempt. Failures grow the pause and show on the credential; the current secret stays in use.
 */
export async function rotateDue(deps: ConfigDeps): Promise<boolean> {
  const [taken] = await deps.prisma.$queryRaw<{ id: string; now: Date }[]>`
    UPDATE credentials SET hook_failures = hook_failures + 1,
      next_rotation_at = clock_timestamp() + make_interval(mins => least(power(2, least(hook_failures, 16))::int, ${LONGEST_PAUSE_MINUTES}::int))
    WHERE id = (
      SELECT id FROM credentials
      WHERE retired_at IS NULL AND hook IS NOT NULL AND next_rotation_at <= clock_timestamp()
        AND (rotation_until IS NULL OR rotation_until <= clock_timestamp())
        AND (ends_at IS NULL OR ends_at > clock_timestamp())
      ORDER BY next_rotation_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, clock_timestamp() AS now`;
  if (taken === undefined) return false;
  const found = await findCredential(deps.prisma, taken.id);
  const hook = hookSchema.safeParse(found?.hook);
  if (found === null || !hook.success) return true;
  const version = Math.max(0, ...found.secrets.map((one) => one.version)) + 1;
  const question = {
    credentialId: found.id,
    credential: found.name,
    server: found.server.name,
    version,
    at: taken.now,
  };
  const secret = await askHook(deps, hook.data, question);
  if (secret.ok) {
    const rotated = await rotateCredential(deps, 'system', found.id, { secret: secret.value, reason: 'rotation hook' });
    // A failed test call is told by the rotation itself.
    if (rotated.ok || rotated.error.code === 'credential-test-failed') return true;
    await noteFailure(deps, found, rotated.error.detail ?? rotated.error.code);
    return true;
  }
  await noteFailure(deps, found, secret.error);
  return true;
}

type Found = NonNullable<Awaited<ReturnType<typeof findCredential>>>;

async function noteFailure({ prisma, keys }: ConfigDeps, found: Found, error: string): Promise<void> {
  await withTx(prisma, async (tx) => {
    await tx.credential.update({ where: { id: found.id }, data: { rotationError: error } });
    await recordEvent(tx, keys, {
      type: 'credential.rotation-failed',
      actor: auditActor('system'),
      server: found.server.name,
      detail: { name: found.name, error },
    });
  });
}
