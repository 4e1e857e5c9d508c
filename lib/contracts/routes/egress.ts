// Client-safe. The allowlist and where everybody went.

import {
  egressEntrySchema,
  egressHoursSchema,
  egressIdentitiesSchema,
  egressIdentityPatchSchema,
  egressPageSchema,
} from '../egress.ts';
import { egressAttemptsPageSchema, egressAttemptsQuerySchema } from '../egress-attempts.ts';
import { egressAllowSchema, egressEntryInputSchema, egressPatchSchema } from '../egress-input.ts';
import { listQuerySchema } from '../shared-shapes.ts';
import { holds, type Route, signedIn } from './route.ts';

export const EGRESS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/egress',
    access: signedIn,
    summary: 'Allowlisted destinations',
    query: listQuerySchema,
    answer: egressPageSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/egress',
    access: holds('admin'),
    summary: 'Allow a destination',
    status: 201,
    body: egressEntryInputSchema,
    answer: egressEntrySchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/egress/{id}',
    access: holds('admin'),
    summary: 'Renew a destination, or change its reason or owner',
    body: egressPatchSchema,
    answer: egressEntrySchema,
  },
  { method: 'DELETE', path: '/api/v1/egress/{id}', access: holds('admin'), summary: 'Remove a destination' },
  {
    method: 'GET',
    path: '/api/v1/egress/attempts',
    access: signedIn,
    summary: 'Where the gateway, agents and stdio servers went or were refused, newest first',
    query: egressAttemptsQuerySchema,
    answer: egressAttemptsPageSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/egress/hours',
    access: signedIn,
    summary: 'Refused connections by hour over the last day',
    answer: egressHoursSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/egress/attempts/{id}/allow',
    access: holds('admin'),
    summary: 'Allow a destination that was refused or held, with a reason and an end',
    status: 201,
    body: egressAllowSchema,
    answer: egressEntrySchema,
  },
  {
    method: 'GET',
    path: '/api/v1/egress/identities',
    access: signedIn,
    summary: 'What happens when an agent or stdio server asks for an unlisted destination',
    answer: egressIdentitiesSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/egress/identities/{identity}',
    access: holds('admin'),
    summary: 'Deny or ask about unlisted destinations of an agent or stdio server',
    body: egressIdentityPatchSchema,
    answer: egressIdentitiesSchema,
  },
];
