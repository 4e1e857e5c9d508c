// Client-safe. The first hour.
import { welcomePatchSchema, welcomeSchema } from '../welcome.ts';
import { type Route, signedIn } from './route.ts';

export const WELCOME_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/welcome',
    access: signedIn,
    summary: 'What of the first hour is done, with what proves it',
    answer: welcomeSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/welcome',
    access: signedIn,
    summary: 'Put the list of the first hour aside, or take it out again',
    body: welcomePatchSchema,
  },
];
