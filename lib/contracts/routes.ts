// Client-safe. Every API route of the console, one row each: the OpenAPI document and the authorisation test read it.
import { z } from 'zod';
import { approvalsPageSchema } from './approval-rows.ts';
import { approvalDetailSchema, approvalsQuerySchema, voteAnswerSchema, voteBodySchema } from './approvals.ts';
import {
  auditPageSchema,
  auditQuerySchema,
  bundleBodySchema,
  inclusionProofsQuerySchema,
  inclusionProofsSchema,
} from './audit.ts';
import { checkpointSchema, consistencyProofSchema, exportLineSchema, inclusionProofSchema } from './audit-proofs.ts';
import { acceptedToolsSchema, callAnswerSchema, callBodySchema, outcomeBodySchema } from './calls.ts';
import { killBodySchema, killSwitchSchema, restoreConfirmSchema } from './kill-switch.ts';
import {
  inviteAnswerSchema,
  inviteSchema,
  linkInfoSchema,
  linkRedeemedSchema,
  linkRedeemSchema,
  linkTokenSchema,
} from './links.ts';
import { meSchema, reauthAnswerSchema, reauthSchema } from './me.ts';
import { overviewSchema } from './overview.ts';
import { peoplePageSchema, personPatchSchema, personSchema } from './people.ts';
import { AGENT_ROUTES } from './routes/agents.ts';
import { APPROVAL_ROUTES } from './routes/approvals.ts';
import { BREAK_GLASS_ROUTES } from './routes/break-glass.ts';
import { CALIBRATION_ROUTES } from './routes/calibration.ts';
import { COMMAND_ROUTES } from './routes/commands.ts';
import { CREDENTIAL_ROUTES } from './routes/credentials.ts';
import { DELEGATION_ROUTES } from './routes/delegations.ts';
import { EGRESS_ROUTES } from './routes/egress.ts';
import { EXCEPTION_ROUTES } from './routes/exceptions.ts';
import { GRANT_ROUTES } from './routes/grants.ts';
import { HUNT_ROUTES } from './routes/hunts.ts';
import { INCIDENT_ROUTES } from './routes/incidents.ts';
import { NOTIFICATION_ROUTES } from './routes/notifications.ts';
import { PASSKEY_ROUTES } from './routes/passkeys.ts';
import { POLICY_ROUTES } from './routes/policies.ts';
import { RED_TEAM_ROUTES } from './routes/red-team.ts';
import { ROLLOUT_ROUTES } from './routes/rollout.ts';
import { agent, anyone, holds, type Route, signedIn } from './routes/route.ts';
import { SETTINGS_ROUTES } from './routes/settings.ts';
import { SIGN_IN_ROUTES } from './routes/sign-in.ts';
import { WELCOME_ROUTES } from './routes/welcome.ts';
import { serversPageSchema } from './server-rows.ts';
import {
  acceptBodySchema,
  serverCreateSchema,
  serverDetailSchema,
  serverPatchSchema,
  toolPatchSchema,
} from './servers.ts';
import { listQuerySchema, nameSchema } from './shared-shapes.ts';

export type { Route, RouteAccess } from './routes/route.ts';

const session: readonly Route[] = [
  { method: 'GET', path: '/api/auth/csrf', access: anyone, summary: 'A token for signing in and out' },
  {
    method: 'POST',
    path: '/api/auth/callback/credentials',
    access: anyone,
    summary: 'Sign in with e-mail and password',
  },
  { method: 'POST', path: '/api/auth/signout', access: anyone, summary: 'End the session' },
  { method: 'GET', path: '/api/v1/me', access: signedIn, summary: 'Who is signed in', answer: meSchema },
  {
    method: 'POST',
    path: '/api/v1/me/reauth',
    access: signedIn,
    summary: 'Prove the password again',
    body: reauthSchema,
    answer: reauthAnswerSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/setup',
    access: anyone,
    summary: 'Redeem a one-time link: set-up, invitation or reset',
    status: 201,
    body: linkRedeemSchema,
    answer: linkRedeemedSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/links/info',
    access: anyone,
    summary: 'What a one-time link is for',
    body: linkTokenSchema,
    answer: linkInfoSchema,
  },
];

const people: readonly Route[] = [
  { method: 'GET', path: '/api/v1/people', access: signedIn, summary: 'Everybody', answer: peoplePageSchema },
  {
    method: 'POST',
    path: '/api/v1/people/invite',
    access: holds('admin'),
    summary: 'Make an invitation link',
    status: 201,
    body: inviteSchema,
    answer: inviteAnswerSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/people/{id}',
    access: holds('admin'),
    summary: 'Change roles, groups or status',
    body: personPatchSchema,
    answer: personSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/people/{id}/reset-link',
    access: holds('admin'),
    summary: 'Make a password reset link',
    status: 201,
    answer: inviteAnswerSchema,
  },
];

const approvals: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/approvals',
    access: signedIn,
    summary: 'Held calls',
    query: approvalsQuerySchema,
    answer: approvalsPageSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/approvals/{id}',
    access: signedIn,
    summary: 'One held call with everything its digest is made of',
    answer: approvalDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/votes',
    access: holds('reviewer'),
    summary: 'Approve or deny; Idempotency-Key is honoured',
    body: voteBodySchema,
    answer: voteAnswerSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/claim',
    access: holds('reviewer'),
    summary: 'Say "I am looking at this" for 90 seconds',
    answer: approvalDetailSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/kill-switch',
    access: signedIn,
    summary: 'What is stopped',
    answer: killSwitchSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/kill-switch',
    access: holds('security', 'admin'),
    summary: 'Stop a scope, or open its restore',
    body: killBodySchema,
    answer: killSwitchSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/kill-switch/restores/{id}/confirm',
    access: holds('security', 'admin'),
    summary: 'Complete a restore that another person opened',
    body: restoreConfirmSchema,
    answer: killSwitchSchema,
  },
];

const registry: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/servers',
    access: signedIn,
    summary: 'Registered servers',
    query: listQuerySchema,
    answer: serversPageSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/servers',
    access: holds('admin'),
    summary: 'Register a server',
    status: 201,
    body: serverCreateSchema,
    answer: serverDetailSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/servers/{id}',
    access: signedIn,
    summary: 'A server, by id or name, with its tools',
    answer: serverDetailSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/servers/{id}',
    access: holds('admin'),
    summary: 'Change or disable a server',
    body: serverPatchSchema,
    answer: serverDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/servers/{id}/scan',
    access: holds('admin'),
    summary: 'Read the tools of a server',
    answer: serverDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/servers/{id}/accept',
    access: holds('admin'),
    summary: 'Accept exactly the definitions that were shown',
    body: acceptBodySchema,
    answer: serverDetailSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/servers/{id}/tools/{tool}',
    access: holds('admin'),
    summary: 'Tag or accept one tool',
    body: toolPatchSchema,
  },
];

const calls: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v1/calls',
    access: agent,
    summary: 'May this call run? The tool is run by who asks',
    body: callBodySchema,
    answer: callAnswerSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/calls/{id}',
    access: agent,
    summary: 'The decision on a call; `wait` seconds at most',
    query: z.object({ wait: z.coerce.number().min(0).max(55).optional() }),
    answer: callAnswerSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/calls/tools',
    access: agent,
    summary: 'The accepted tools of one server',
    query: z.object({ server: nameSchema }),
    answer: acceptedToolsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/calls/{id}/cancel',
    access: agent,
    summary: 'Take a call back',
    answer: callAnswerSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/calls/{id}/outcome',
    access: agent,
    summary: 'How the call ended',
    body: outcomeBodySchema,
    answer: callAnswerSchema,
  },
];

const evidence: readonly Route[] = [
  { method: 'GET', path: '/api/v1/overview', access: signedIn, summary: 'The first page', answer: overviewSchema },
  {
    method: 'GET',
    path: '/api/v1/audit',
    access: signedIn,
    summary: 'The timeline',
    query: auditQuerySchema,
    answer: auditPageSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/audit/checkpoint',
    access: signedIn,
    summary: 'The newest signed tree head',
    answer: checkpointSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/audit/proof/inclusion',
    access: signedIn,
    summary: 'That several entries are in the log',
    query: inclusionProofsQuerySchema,
    answer: inclusionProofsSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/audit/proof/inclusion/{seq}',
    access: signedIn,
    summary: 'That an entry is in the log',
    answer: inclusionProofSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/audit/proof/consistency',
    access: signedIn,
    summary: 'That the log only grew since a size',
    query: z.object({ from: z.string() }),
    answer: consistencyProofSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/audit/export',
    access: holds('security', 'admin'),
    summary: 'The whole log as NDJSON with its checkpoint',
    answer: exportLineSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/audit/bundles',
    access: holds('security', 'admin'),
    summary: 'The evidence of a call, a session or a view, as a .tar.gz that verifies offline',
    body: bundleBodySchema,
  },
  { method: 'GET', path: '/api/openapi.json', access: anyone, summary: 'This document' },
];

/** Every route. A route file that is not listed here fails the test run. */
export const ROUTES: readonly Route[] = [
  ...session,
  ...people,
  ...approvals,
  ...APPROVAL_ROUTES,
  ...GRANT_ROUTES,
  ...POLICY_ROUTES,
  ...COMMAND_ROUTES,
  ...DELEGATION_ROUTES,
  ...HUNT_ROUTES,
  ...EXCEPTION_ROUTES,
  ...BREAK_GLASS_ROUTES,
  ...PASSKEY_ROUTES,
  ...SIGN_IN_ROUTES,
  ...SETTINGS_ROUTES,
  ...NOTIFICATION_ROUTES,
  ...CREDENTIAL_ROUTES,
  ...registry,
  ...EGRESS_ROUTES,
  ...AGENT_ROUTES,
  ...calls,
  ...evidence,
  ...CALIBRATION_ROUTES,
  ...RED_TEAM_ROUTES,
  ...INCIDENT_ROUTES,
  ...WELCOME_ROUTES,
  ...ROLLOUT_ROUTES,
];
