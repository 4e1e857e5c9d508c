// Client-safe. Sets of filters under a name, each person's own.
import { huntCreateSchema, huntRenameSchema, huntSchema, huntsPageSchema } from '../hunts.ts';
import { listQuerySchema } from '../shared-shapes.ts';
import { type Route, signedIn } from './route.ts';

export const HUNT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/audit/hunts',
    access: signedIn,
    summary: 'One’s saved hunts',
    query: listQuerySchema,
    answer: huntsPageSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/audit/hunts',
    access: signedIn,
    summary: 'Save a set of filters under a name',
    status: 201,
    body: huntCreateSchema,
    answer: huntSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/audit/hunts/{id}',
    access: signedIn,
    summary: 'Give one’s hunt another name',
    body: huntRenameSchema,
    answer: huntSchema,
  },
  {
    method: 'DELETE',
    path: '/api/v1/audit/hunts/{id}',
    access: signedIn,
    summary: 'Forget one’s hunt',
    answer: huntSchema,
  },
];
