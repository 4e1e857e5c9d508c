// Client-safe. Who may vote in whose place.
import { delegationCreateSchema, delegationSchema, delegationsSchema } from '../exceptions.ts';
import { holds, type Route, signedIn } from './route.ts';

export const DELEGATION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/delegations',
    access: signedIn,
    summary: 'Who may vote in whose place',
    answer: delegationsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/delegations',
    access: holds('reviewer'),
    summary: 'Let another reviewer vote in one’s place, for at most 14 days',
    status: 201,
    body: delegationCreateSchema,
    answer: delegationSchema,
  },
  {
    method: 'DELETE',
    path: '/api/v1/delegations/{id}',
    access: signedIn,
    summary: 'End a delegation: one’s own, or as an admin anybody’s',
    answer: delegationSchema,
  },
];
