// Client-safe. The rollout.
import { forecastQuerySchema, forecastSchema, rolloutSchema } from '../rollout.ts';
import { type Route, signedIn } from './route.ts';

export const ROLLOUT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/rollout',
    access: signedIn,
    summary: 'The four weeks of the rollout, each step with what proves it, and which control is in observe',
    answer: rolloutSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/rollout/forecast',
    access: signedIn,
    summary: 'How many requests an hour people would get, from the recorded calls of 30 days',
    query: forecastQuerySchema,
    answer: forecastSchema,
  },
];
