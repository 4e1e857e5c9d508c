// Server-only.
import type { z } from 'zod';
import type { settingsPatchSchema } from '#lib/contracts/exceptions.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { type InstallationSettings, readSettings } from './read-settings.ts';

/** How fresh the password must be for a change that loosens. */
const PROVEN_WITHIN_S = 5 * 60;

/**
 * Changes settings; only an admin may.
 *
 * A shorter undo window, break-glass switched on and another group for it loosen: for those the password must have been
 * proven in the last five minutes. What changes nothing records nothing.
 */
export function changeSettings(
  deps: ConfigDeps,
  actor: ConfigActor,
  patch: z.infer<typeof settingsPatchSchema>,
): Promise<Result<InstallationSettings, ConfigRefusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    await tx.$executeRaw`SELECT 1 FROM settings WHERE id = 1 FOR UPDATE`;
    const before = await readSettings(tx);
    const after: InstallationSettings = {
      undoHighS: patch.undoHighS ?? before.undoHighS,
      breakGlassEnabled: patch.breakGlassEnabled ?? before.breakGlassEnabled,
      breakGlassGroup: patch.breakGlassGroup ?? before.breakGlassGroup,
    };
    if (isSame(before, after)) return ok(before);
    if (loosens(before, after) && !provenLately(actor, now)) {
      return refuse('step-up-required', 'Enter your password again: this lets more through.');
    }
    await tx.$executeRaw`
      UPDATE settings SET undo_high_s = ${after.undoHighS}, break_glass_enabled = ${after.breakGlassEnabled},
        break_glass_group = ${after.breakGlassGroup}, updated_at = clock_timestamp() WHERE id = 1`;
    await rememberWho(tx, actor, before, after);
    await recordEvent(tx, keys, {
      type: 'settings.changed',
      actor: auditActor(actor),
      detail: { ...changesOf(before, after), loosens: loosens(before, after), reason: patch.reason },
    });
    await bumpConfig(tx, 'policies', 'settings');
    await notify(tx, 'cs_exception', { kind: 'settings', id: 'settings' });
    return ok(after);
  });
}

/**
 * Keeps who moved what lets more through: for a day they may not be the one whom it lets. Lengthening the undo window keeps
 * who shortened it.
 */
async function rememberWho(
  tx: Tx,
  actor: ConfigActor,
  before: InstallationSettings,
  after: InstallationSettings,
): Promise<void> {
  const by = personIdOf(actor);
  if (after.undoHighS < before.undoHighS) {
    await tx.$executeRaw`
      UPDATE settings SET undo_high_lowered_by = ${by}::uuid, undo_high_lowered_at = clock_timestamp(),
        undo_high_s_before = ${before.undoHighS} WHERE id = 1`;
  }
  const isMoved =
    after.breakGlassEnabled !== before.breakGlassEnabled || after.breakGlassGroup !== before.breakGlassGroup;
  if (!isMoved) return;
  const isSolo = (await readSeparation(tx)) === 'solo';
  await tx.$executeRaw`
    UPDATE settings SET break_glass_changed_by = ${by}::uuid, break_glass_changed_at = clock_timestamp(),
      break_glass_changed_solo = ${isSolo} WHERE id = 1`;
}

function loosens(before: InstallationSettings, after: InstallationSettings): boolean {
  return (
    after.undoHighS < before.undoHighS ||
    (after.breakGlassEnabled && !before.breakGlassEnabled) ||
    after.breakGlassGroup !== before.breakGlassGroup
  );
}

/** Whoever sits at the host holds its data directory; there is no password to ask for. */
function provenLately(actor: ConfigActor, now: Date): boolean {
  return actor.kind === 'operator' || now.getTime() - actor.reauthAt.getTime() <= PROVEN_WITHIN_S * 1000;
}

function isSame(before: InstallationSettings, after: InstallationSettings): boolean {
  return Object.keys(changesOf(before, after)).length === 0;
}

/** Each changed setting as `name` and `nameBefore`. */
function changesOf(
  before: InstallationSettings,
  after: InstallationSettings,
): Record<string, string | number | boolean> {
  const changes: Record<string, string | number | boolean> = {};
  for (const name of ['undoHighS', 'breakGlassEnabled', 'breakGlassGroup'] as const) {
    if (before[name] === after[name]) continue;
    changes[name] = after[name];
    changes[`${name}Before`] = before[name];
  }
  return changes;
}
