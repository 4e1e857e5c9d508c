// Client-safe. Incidents. Not for reviewers: an incident may be about one of them.
import {
  drillBodySchema,
  incidentDetailSchema,
  incidentNoteSchema,
  incidentResolveSchema,
  incidentsPageSchema,
  incidentsQuerySchema,
  incidentTakeSchema,
} from '../incidents.ts';
import { holds, type Route } from './route.ts';

const access = holds('security', 'admin');

export const INCIDENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/incidents',
    access,
    summary: 'What somebody must look at',
    query: incidentsQuerySchema,
    answer: incidentsPageSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/incidents/{id}',
    access,
    summary: 'One incident with its runbook and its story',
    answer: incidentDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/incidents/{id}/acknowledge',
    access,
    summary: 'Take an incident, or take it over',
    body: incidentTakeSchema,
    answer: incidentDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/incidents/{id}/resolve',
    access,
    summary: 'Resolve an incident that one has, with the reason',
    body: incidentResolveSchema,
    answer: incidentDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/incidents/{id}/notes',
    access,
    summary: 'Write something into its story',
    status: 201,
    body: incidentNoteSchema,
    answer: incidentDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/incidents/{id}/steps/{step}',
    access,
    summary: 'Record that a step of the runbook is done',
    answer: incidentDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/incidents/drills',
    access,
    summary: 'Begin a drill of a kind',
    status: 201,
    body: drillBodySchema,
    answer: incidentDetailSchema,
  },
];
