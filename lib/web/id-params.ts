import { z } from 'zod';
import { idSchema } from '#lib/contracts/shared-shapes.ts';

/** Path parameters of a route below one row; an id that is no UUID is simply not there. */
export const idParams = z.object({ id: idSchema });

/** Path parameters of a picture of the documentation; the name is compared with those there are. */
export const docImageParams = z.object({ file: z.string().max(100) });

/** Path parameters of a step of an incident's runbook. */
export const stepParams = z.object({ id: idSchema, step: z.string().max(64) });
