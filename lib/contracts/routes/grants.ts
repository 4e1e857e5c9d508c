// Client-safe. Grants.
import type { Route } from './route.ts';

export const GRANT_ROUTES: readonly Route[] = [];
