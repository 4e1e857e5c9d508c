// Client-safe. What an auditor checks the log by.
import { z } from 'zod';
import { isoTimeSchema } from './shared-shapes.ts';

/** GET /api/v1/audit/checkpoint: the newest signed tree head (C2SP signed note) and the key to check it with. */
export const checkpointSchema = z.object({
  size: z.string(),
  root: z.string(),
  note: z.string(),
  at: isoTimeSchema,
  vkey: z.string(),
});
export const consistencyProofSchema = z.object({ from: z.string(), to: z.string(), proof: z.array(z.string()) });
export const inclusionProofSchema = z.object({
  seq: z.string(),
  size: z.string(),
  leaf: z.string(),
  proof: z.array(z.string()),
});
/** GET /api/v1/audit/export streams NDJSON: one `{seq, leaf, entry}` a line, then `{checkpoint, vkey}`. */
export const exportLineSchema = z.union([
  z.object({ seq: z.string(), leaf: z.string(), entry: z.string() }),
  z.object({ checkpoint: z.string(), vkey: z.string() }),
]);
