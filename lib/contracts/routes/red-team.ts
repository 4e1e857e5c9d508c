// Client-safe. The red team: anybody looks, security and admins run, admins set up and accept gaps.
import {
  gapBodySchema,
  redTeamPatchSchema,
  redTeamRunDetailSchema,
  redTeamRunsQuerySchema,
  redTeamRunsSchema,
  redTeamSchema,
  runAskedSchema,
} from '../red-team.ts';
import { holds, type Route, signedIn } from './route.ts';

export const RED_TEAM_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/red-team',
    access: signedIn,
    summary: 'How the guardrails stand: the last run, the trend, accepted gaps',
    answer: redTeamSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/red-team',
    access: holds('security', 'admin'),
    summary: 'Switch the weekly run on or off',
    body: redTeamPatchSchema,
    answer: redTeamSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/red-team/set-up',
    access: holds('admin'),
    summary: 'Make the agents and the server that a run attacks',
    status: 201,
    answer: redTeamSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/red-team/runs',
    access: signedIn,
    summary: 'Runs, newest first',
    query: redTeamRunsQuerySchema,
    answer: redTeamRunsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/red-team/runs',
    access: holds('security', 'admin'),
    summary: 'Ask for a run now; one at a time',
    status: 201,
    answer: runAskedSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/red-team/runs/{id}',
    access: signedIn,
    summary: 'One run with what came of each scenario',
    answer: redTeamRunDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/red-team/gaps',
    access: holds('admin'),
    summary: 'Accept for a while that a scenario gets through',
    status: 201,
    body: gapBodySchema,
    answer: redTeamSchema,
  },
  {
    method: 'DELETE',
    path: '/api/v1/red-team/gaps/{id}',
    access: holds('admin'),
    summary: 'Accept it no longer',
    answer: redTeamSchema,
  },
];
