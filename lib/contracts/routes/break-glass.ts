// Client-safe. Break-glass.
import {
  breakGlassOpenSchema,
  breakGlassReviewSchema,
  breakGlassSchema,
  breakGlassTermsSchema,
} from '../exceptions.ts';
import { webauthnOptionsSchema } from '../passkeys.ts';
import { holds, type Route, signedIn } from './route.ts';

export const BREAK_GLASS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/break-glass',
    access: signedIn,
    summary: 'Emergencies, and whether one may open one',
    answer: breakGlassSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/break-glass/challenge',
    access: signedIn,
    summary: 'A WebAuthn challenge over the terms of an emergency',
    body: breakGlassTermsSchema,
    answer: webauthnOptionsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/break-glass',
    access: signedIn,
    summary: 'Open an emergency of at most 15 minutes; members of the named group, with a passkey',
    status: 201,
    body: breakGlassOpenSchema,
    answer: breakGlassSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/break-glass/{id}/end',
    access: signedIn,
    summary: 'End an emergency; its opener, security or an admin',
    answer: breakGlassSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/break-glass/{id}/review',
    access: holds('security'),
    summary: 'Review an emergency that somebody else opened',
    body: breakGlassReviewSchema,
    answer: breakGlassSchema,
  },
];
