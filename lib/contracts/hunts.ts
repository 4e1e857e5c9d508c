import { z } from 'zod';
import { hiddenName } from '#lib/core/text/hidden-characters.ts';
import { auditFiltersSchema } from './audit.ts';
import { idSchema, isoTimeSchema, pageOf } from './shared-shapes.ts';

/** As many hunts as one person keeps. */
export const MOST_HUNTS = 50;

/** What somebody calls a hunt: one line that shows what it holds. */
const huntNameSchema = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(60)
  .refine(
    (name) => ![...name].some((char) => hiddenName(char.codePointAt(0) ?? 0) !== null),
    'without hidden characters',
  );
const huntFiltersSchema = auditFiltersSchema.refine(
  (filters) => Object.keys(filters).length > 0,
  'at least one filter',
);

export const huntCreateSchema = z.strictObject({ name: huntNameSchema, filters: huntFiltersSchema });
export const huntRenameSchema = z.strictObject({ name: huntNameSchema });
export const huntSchema = z.object({
  id: idSchema,
  name: z.string(),
  filters: z.record(z.string(), z.string()),
  createdAt: isoTimeSchema,
});
export type Hunt = z.infer<typeof huntSchema>;
/** GET /api/v1/audit/hunts: one's own, by name. */
export const huntsPageSchema = pageOf(huntSchema);
