// Client-safe. Passkeys.
import type { Route } from './route.ts';

export const PASSKEY_ROUTES: readonly Route[] = [];
