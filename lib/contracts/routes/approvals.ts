// Client-safe. What reviewers do with a request beyond voting.
import type { Route } from './route.ts';

export const APPROVAL_ROUTES: readonly Route[] = [];
