// Client-safe. Observe windows and settings.
import {
  observeConfirmSchema,
  observeListSchema,
  observeOpenSchema,
  settingsPatchSchema,
  settingsSchema,
} from '../exceptions.ts';
import { holds, type Route, signedIn } from './route.ts';

export const EXCEPTION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/observe',
    access: signedIn,
    summary: 'What is in observe, waits for it or was, with what it let pass',
    answer: observeListSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/observe',
    access: holds('admin', 'security'),
    summary: 'Ask to put a control, a rule or a server in observe for a while',
    status: 201,
    body: observeOpenSchema,
    answer: observeListSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/observe/{id}/confirm',
    access: holds('admin', 'security'),
    summary: 'Put it in observe, as the second person',
    body: observeConfirmSchema,
    answer: observeListSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/observe/{id}/end',
    access: holds('admin', 'security'),
    summary: 'Enforce again, at once',
    answer: observeListSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/settings',
    access: signedIn,
    summary: 'Settings of the installation',
    answer: settingsSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/settings',
    access: holds('admin'),
    summary: 'Change settings; what loosens asks for the password',
    body: settingsPatchSchema,
    answer: settingsSchema,
  },
];
