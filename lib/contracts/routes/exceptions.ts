// Client-safe. Observe windows, break-glass, delegations, settings.
import type { Route } from './route.ts';

export const EXCEPTION_ROUTES: readonly Route[] = [];
