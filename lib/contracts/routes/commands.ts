// Client-safe. Commands of stdio servers.
import {
  commandApproveSchema,
  commandProposalsSchema,
  commandProposeSchema,
  packageAcceptSchema,
  proxyCredentialEndSchema,
  runningSchema,
} from '../commands.ts';
import { stdioCommandsSchema } from '../servers.ts';
import { holds, type Route, signedIn } from './route.ts';

export const COMMAND_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/commands',
    access: signedIn,
    summary: 'Commands for stdio servers, of the host or approved by two people',
    answer: stdioCommandsSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/commands/proposals',
    access: signedIn,
    summary: 'Commands that wait for a second person',
    answer: commandProposalsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/commands/proposals',
    access: holds('admin'),
    summary: 'Propose a command; nothing is started',
    status: 201,
    body: commandProposeSchema,
    answer: commandProposalsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/commands/proposals/{id}/approve',
    access: holds('admin', 'security'),
    summary: 'Let a command be used, as the second person',
    body: commandApproveSchema,
    answer: commandProposalsSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/commands/proposals/{id}/withdraw',
    access: holds('admin', 'security'),
    summary: 'Give a proposal up',
    answer: commandProposalsSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/commands/running/{name}',
    access: signedIn,
    summary: 'How the program of a stdio server runs; what it printed to stderr for admins only',
    answer: runningSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/commands/running/{name}/package',
    access: holds('admin'),
    summary: 'Accept the package content that was found now',
    body: packageAcceptSchema,
    answer: runningSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/commands/running/{name}/proxy-credential',
    access: holds('admin'),
    summary: 'End the credential for the egress proxy that its process was started with',
    body: proxyCredentialEndSchema,
    answer: runningSchema,
  },
];
