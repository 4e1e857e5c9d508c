// Client-safe. Servers as lists name them; all of one, with its tools, is in servers.ts.
import { z } from 'zod';
import { idSchema, isoTimeSchema, nameSchema, pageOf, tierSchema, transportSchema } from './shared-shapes.ts';

export const serverSummarySchema = z.object({
  id: idSchema,
  name: nameSchema,
  transport: transportSchema,
  url: z.string().nullable(),
  command: z.string().nullable(),
  description: z.string(),
  tier: tierSchema,
  status: z.enum(['active', 'disabled']),
  lastScanAt: isoTimeSchema.nullable(),
  lastScanError: z.string().nullable(),
  tools: z.object({ accepted: z.number().int(), waiting: z.number().int(), total: z.number().int() }),
});
export type ServerSummary = z.infer<typeof serverSummarySchema>;
export const serversPageSchema = pageOf(serverSummarySchema);
