// Client-safe. The way to the sign-in provider, for whoever signs in or proves again that it is them.
import { z } from 'zod';

/** POST /api/v1/sign-in/sso and /api/v1/me/sso: where the browser goes next. */
export const ssoStartSchema = z.strictObject({ next: z.string().max(2000).optional() });
export const ssoStartedSchema = z.object({ url: z.string() });
