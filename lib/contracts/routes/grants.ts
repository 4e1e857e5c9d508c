// Client-safe. Grants.
import { grantCreateSchema, grantSchema, grantsPageSchema, grantsQuerySchema, grantVoteSchema } from '../grants.ts';
import { holds, type Route, signedIn } from './route.ts';

export const GRANT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/grants',
    access: signedIn,
    summary: 'Grants that wait or run, or those that have ended',
    query: grantsQuerySchema,
    answer: grantsPageSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/grants',
    access: holds('reviewer', 'admin'),
    summary: 'Propose a grant, from a request or by hand; by somebody who may vote, it is the first approval too',
    status: 201,
    body: grantCreateSchema,
    answer: grantSchema,
  },
  { method: 'GET', path: '/api/v1/grants/{id}', access: signedIn, summary: 'One grant', answer: grantSchema },
  {
    method: 'DELETE',
    path: '/api/v1/grants/{id}',
    access: signedIn,
    summary: 'Take a grant back, at once',
  },
  {
    method: 'POST',
    path: '/api/v1/grants/{id}/votes',
    access: holds('reviewer'),
    summary: 'Approve or deny a grant, bound to its digest',
    body: grantVoteSchema,
    answer: grantSchema,
  },
];
