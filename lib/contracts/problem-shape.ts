// Client-safe. Apart from the table of all problems, which a page needs only where it makes one itself.
import { z } from 'zod';

/** RFC 9457 problem document with our `code` and `next`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  next: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;
