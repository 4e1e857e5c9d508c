// Client-safe. What reviewers do with a request beyond voting.
import { approvalContextSchema, presenceAnswerSchema } from '../approval-context.ts';
import {
  approvalDetailSchema,
  batchAnswerSchema,
  batchBodySchema,
  requestActionSchema,
  voteAnswerSchema,
} from '../approvals.ts';
import { holds, type Route, signedIn } from './route.ts';

export const APPROVAL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/approvals/{id}/context',
    access: signedIn,
    summary: 'What helps to judge a request: its fields read by parsers, first-seen values, rules, taint, rates',
    answer: approvalContextSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/presence',
    access: signedIn,
    summary: 'Say that one is looking for 90 seconds, and see who else is',
    answer: presenceAnswerSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/withdraw-vote',
    access: signedIn,
    summary: 'Take one’s own vote back; an approval that the rest does not carry is revoked',
    body: requestActionSchema,
    answer: approvalDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/veto',
    access: holds('reviewer'),
    summary: 'Deny what was approved and has not run yet',
    body: requestActionSchema,
    answer: voteAnswerSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/escalate',
    access: holds('reviewer'),
    summary: 'Take the next escalation step now',
    body: requestActionSchema,
    answer: approvalDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/{id}/extend',
    access: holds('reviewer'),
    summary: 'Give a waiting request as much time again, once, where no rule names its time',
    body: requestActionSchema,
    answer: approvalDetailSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/approvals/batch',
    access: holds('reviewer'),
    summary: 'Vote on an explicit list, each item by itself',
    body: batchBodySchema,
    answer: batchAnswerSchema,
  },
];
