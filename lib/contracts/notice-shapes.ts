// Client-safe. Shapes that channels and preferences share.
import { z } from 'zod';
import { NOTICE_KINDS } from '#lib/core/notifications/kinds.ts';

export const noticeKindSchema = z.enum(NOTICE_KINDS);
export const targetUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((url) => !/^[a-z]+:\/\/[^/?#]*@/i.test(url), 'no user name or password in the address');
/** POST /notifications/<id>/test and /notifications/subscriptions/<id>/test: sent at once, tried once. */
export const channelTestSchema = z.object({ ok: z.boolean(), detail: z.string() });
export type ChannelTest = z.infer<typeof channelTestSchema>;
