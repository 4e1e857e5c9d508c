import { z } from 'zod';
import { idSchema, isoTimeSchema, reasonSchema } from './shared-shapes.ts';

export const scopeStateSchema = z.object({
  scope: z.string(),
  on: z.boolean(),
  epoch: z.string(),
  by: z.string(),
  reason: z.string(),
  at: isoTimeSchema,
});
export const restoreSchema = z.object({
  id: idSchema,
  scope: z.string(),
  reason: z.string(),
  openedBy: z.string(),
  openedByMe: z.boolean(),
  openedAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  confirmableAt: isoTimeSchema.nullable(),
});
/** GET /api/v1/kill-switch. `gateways` shows committed → acknowledged n/N → hard-stopped with measured delays. */
export const killSwitchSchema = z.object({
  epoch: z.string(),
  scopes: z.array(scopeStateSchema),
  restores: z.array(restoreSchema),
  gateways: z.array(
    z.object({
      id: idSchema,
      acknowledged: z.boolean(),
      ackMs: z.number().nullable(),
      hardStoppedMs: z.number().nullable(),
    }),
  ),
  separation: z.enum(['solo', 'full']),
});
export type KillSwitch = z.infer<typeof killSwitchSchema>;
/** POST /api/v1/kill-switch. on = one person, at once; off = opens a restore that another person confirms. */
export const killBodySchema = z.strictObject({ scope: z.string().max(200), on: z.boolean(), reason: reasonSchema });
/** POST /api/v1/kill-switch/restores/<id>/confirm. In a solo install: the same person, password again, 60 s later. */
export const restoreConfirmSchema = z.strictObject({ password: z.string().max(200).optional() });
