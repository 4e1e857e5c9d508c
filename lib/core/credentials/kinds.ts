// Client-safe data and rules: what an upstream credential may be.
import type { Result } from '../result.ts';
import { err, ok } from '../result.ts';

export const CREDENTIAL_KINDS = [
  'bearer',
  'header',
  'env',
  'basic',
  'oauth-client-credentials',
  'token-exchange',
  'client-certificate',
] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** `previous` still opens for calls that began before the rotation; `retired` is erased. */
export const SECRET_STATES = ['next', 'current', 'previous', 'retired'] as const;
export type SecretState = (typeof SECRET_STATES)[number];

const DAY_MS = 86_400_000;
/** The longest a credential of a migration may live, counted from its making: rotating it does not begin anew. */
export const MIGRATION_DAYS = 90;

/** Whether a kind is a long-lived secret that is sent as it is: allowed while a team moves to minted ones. */
export function isMigrationKind(kind: CredentialKind): boolean {
  return kind === 'bearer' || kind === 'header' || kind === 'env';
}

/** Where a credential goes: into the child's environment, onto each request, or into the handshake of the connection. */
export function targetOf(kind: CredentialKind): 'headers' | 'env' | 'connection' {
  if (kind === 'client-certificate') return 'connection';
  return kind === 'env' ? 'env' : 'headers';
}

/** Whether two kinds do the same for a server, which then has one of them at a time; a certificate goes beside any other. */
export function isSamePurpose(a: CredentialKind, b: CredentialKind): boolean {
  return (targetOf(a) === 'connection') === (targetOf(b) === 'connection');
}

/**
 * Whether an end date will do. A migration credential needs one, in the future and at most 90 days after its making; any
 * other may have one. Refuses a date that is past: a credential that is born ended only confuses.
 */
export function checkEnd(
  end: { readonly endsAtMs: number | null; readonly createdAtMs: number; readonly nowMs: number },
  isMigration: boolean,
): Result<number | null, string> {
  const { endsAtMs, createdAtMs, nowMs } = end;
  if (endsAtMs === null) {
    return isMigration ? err(`A long-lived secret needs an end date, at most ${MIGRATION_DAYS} days away.`) : ok(null);
  }
  if (!(endsAtMs > nowMs)) return err('The end date is past.');
  if (isMigration && endsAtMs > createdAtMs + MIGRATION_DAYS * DAY_MS) {
    return err(`A long-lived secret ends at most ${MIGRATION_DAYS} days after it was added.`);
  }
  return ok(endsAtMs);
}

/** Whether it is over. At the very moment of its end it is. */
export function isEnded(endsAtMs: number | null, nowMs: number): boolean {
  return endsAtMs !== null && !(nowMs < endsAtMs);
}

/** Full days that are left, never below 0; null without an end. */
export function daysLeft(endsAtMs: number | null, nowMs: number): number | null {
  return endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - nowMs) / DAY_MS));
}

/** Days before an end at which people are told, furthest first. */
export const REMINDER_DAYS = [14, 7, 1] as const;

/**
 * The reminder that is due: the closest one whose day has come and that has not been given, or null. Those that were
 * missed meanwhile are not made up for: one reminder tells enough.
 */
export function dueReminder(endsAtMs: number | null, nowMs: number, reminded: number | null): number | null {
  if (endsAtMs === null || isEnded(endsAtMs, nowMs)) return null;
  const due = REMINDER_DAYS.findLast((days) => endsAtMs - nowMs <= days * DAY_MS);
  return due === undefined || (reminded !== null && reminded <= due) ? null : due;
}
