// Client-safe. Upstream credentials.
import {
  credentialConfirmSchema,
  credentialCreateSchema,
  credentialPatchedSchema,
  credentialPatchSchema,
  credentialRetireSchema,
  credentialRotateSchema,
  credentialsListSchema,
  credentialTestSchema,
  credentialViewSchema,
} from '../credentials.ts';
import { holds, type Route, signedIn } from './route.ts';

export const CREDENTIAL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/credentials',
    access: signedIn,
    summary: 'Upstream credentials with their ages and ends; never a secret',
    answer: credentialsListSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/credentials',
    access: holds('admin'),
    summary: 'Add a credential for one server; the secret goes in and never comes out',
    status: 201,
    body: credentialCreateSchema,
    answer: credentialViewSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/credentials/{id}',
    access: signedIn,
    summary: 'One credential',
    answer: credentialViewSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/credentials/{id}',
    access: holds('admin'),
    summary: 'Change its end, overlap, reminders or rotation hook',
    body: credentialPatchSchema,
    answer: credentialPatchedSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/credentials/{id}/rotate',
    access: holds('admin'),
    summary: 'Try the next secret against the server and switch to it, or keep the current one',
    body: credentialRotateSchema,
    answer: credentialViewSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/credentials/{id}/test',
    access: holds('admin'),
    summary: 'Whether the server takes it now',
    answer: credentialTestSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/credentials/{id}/confirm',
    access: holds('admin'),
    summary: 'Bind it to the address or command that its server has now',
    body: credentialConfirmSchema,
    answer: credentialViewSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/credentials/{id}/retire',
    access: holds('admin'),
    summary: 'Stop using it and erase its secrets',
    body: credentialRetireSchema,
    answer: credentialViewSchema,
  },
];
