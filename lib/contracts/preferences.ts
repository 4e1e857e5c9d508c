// Client-safe. What one person wants to be told of, how, and in which of their browsers.
import { z } from 'zod';
import { noticeKindSchema, targetUrlSchema } from './notice-shapes.ts';
import { idSchema, isoTimeSchema } from './shared-shapes.ts';

const clockTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, such as 22:30');
/** From and to in the person's own zone; `to` before `from` reaches into the next day. `days`: of the start, 0 = Sunday. */
export const quietHoursSchema = z.strictObject({
  from: clockTimeSchema,
  to: clockTimeSchema,
  timeZone: z.string().min(1).max(64).refine(isTimeZone, 'a time zone such as Europe/Berlin'),
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;
const chosenSchema = z.record(noticeKindSchema, z.boolean());
/** PATCH /notifications/preferences: the whole of it, of whoever asks. */
export const preferencesInputSchema = z.strictObject({
  chosen: z.strictObject({ 'web-push': chosenSchema, email: chosenSchema }),
  quietHours: quietHoursSchema.nullable(),
  /** High-tier approvals come through in quiet hours. Whoever is on call is always told. */
  highBreaksThrough: z.boolean(),
});
export type PreferencesInput = z.infer<typeof preferencesInputSchema>;
export const preferencesSchema = preferencesInputSchema.extend({
  /** Whether there is a channel to choose for; `publicKey` is the applicationServerKey of a subscription. */
  webPush: z.object({ available: z.boolean(), publicKey: z.string().nullable(), subscriptions: z.number().int() }),
  email: z.object({ available: z.boolean(), address: z.string() }),
  onCallFor: z.array(z.string()),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const base64Url = (bytes: number) =>
  z.string().refine((text) => /^[A-Za-z0-9_-]+$/.test(text) && Math.floor((text.length * 3) / 4) === bytes, {
    message: `${bytes} bytes in base64url`,
  });
/** POST /notifications/subscriptions: what `PushSubscription.toJSON()` gives. The endpoint is untrusted. */
export const subscriptionInputSchema = z.object({
  endpoint: targetUrlSchema,
  keys: z.strictObject({ p256dh: base64Url(65), auth: base64Url(16) }),
  expirationTime: z.number().nullable().optional(),
  /** How its owner tells it from others: "Firefox on the laptop". */
  device: z.string().trim().min(1).max(80).default('Browser'),
});
export type SubscriptionInput = z.infer<typeof subscriptionInputSchema>;
export const subscriptionSchema = z.object({
  id: idSchema,
  device: z.string(),
  /** The push service alone: the rest of the endpoint is a secret. */
  service: z.string(),
  createdAt: isoTimeSchema,
  lastDeliveredAt: isoTimeSchema.nullable(),
  lastError: z.string().nullable(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;
export const subscriptionsListSchema = z.object({ items: z.array(subscriptionSchema) });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name);
  } catch {
    return false;
  }
}
