import type { Role } from '#lib/core/identity/principals.ts';

/** Who may read the log in the console. Reviewers too: every reviewer's browser is a witness of it. */
export const AUDIT_READERS: readonly Role[] = ['admin', 'reviewer', 'security'];

/** Who may take the whole log away. */
export const AUDIT_EXPORTERS: readonly Role[] = ['admin', 'security'];
