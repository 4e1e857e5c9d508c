// Server-only.
import type { z } from 'zod';
import type { settingsSchema } from '#lib/contracts/exceptions.ts';
import type { Tx } from '../db/tx.ts';

export type InstallationSettings = z.infer<typeof settingsSchema>;

/** The settings that are data; everything else is environment. Nobody's secret. */
export async function readSettings(tx: Pick<Tx, 'settings'>): Promise<InstallationSettings> {
  const row = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  return {
    undoHighS: row.undoHighS,
    breakGlassEnabled: row.breakGlassEnabled,
    breakGlassGroup: row.breakGlassGroup,
  };
}
