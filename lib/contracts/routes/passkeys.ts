// Client-safe. Passkeys: enrolling, signing in, and the challenges over one decision.
import {
  grantVoteChallengeSchema,
  passkeyCreateSchema,
  passkeyOptionsSchema,
  passkeyRenameSchema,
  passkeysSchema,
  voteChallengeSchema,
  webauthnOptionsSchema,
} from '../passkeys.ts';
import { anyone, holds, type Route, signedIn } from './route.ts';

export const PASSKEY_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/api/auth/callback/passkey', access: anyone, summary: 'Sign in with a passkey' },
  {
    method: 'POST',
    path: '/api/v1/sign-in/passkey/options',
    access: anyone,
    summary: 'What a browser needs to sign in with a passkey',
    answer: webauthnOptionsSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/me/passkeys',
    access: signedIn,
    summary: 'One’s own passkeys',
    answer: passkeysSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/me/passkeys/options',
    access: signedIn,
    summary: 'What a browser needs to make a passkey; the password is asked for',
    body: passkeyOptionsSchema,
    answer: webauthnOptionsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/me/passkeys',
    access: signedIn,
    summary: 'Add a passkey',
    status: 201,
    body: passkeyCreateSchema,
    answer: passkeysSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/me/passkeys/{id}',
    access: signedIn,
    summary: 'Give a passkey another name',
    body: passkeyRenameSchema,
    answer: passkeysSchema,
  },
  {
    method: 'DELETE',
    path: '/api/v1/me/passkeys/{id}',
    access: signedIn,
    summary: 'Remove a passkey; the password is asked for',
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/challenge',
    access: holds('reviewer'),
    summary: 'A WebAuthn challenge over one vote',
    body: voteChallengeSchema,
    answer: webauthnOptionsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/grants/{id}/challenge',
    access: holds('reviewer'),
    summary: 'A WebAuthn challenge over one vote on a grant',
    body: grantVoteChallengeSchema,
    answer: webauthnOptionsSchema,
  },
];
