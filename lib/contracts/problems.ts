import { type Problem, problemSchema } from './problem-shape.ts';

/**
 * Every error code there is: HTTP status (RFC 9457 problem), JSON-RPC code for methods without `isError`,
 * a short title, and what the reader should do next. A test proves the table complete.
 */
export const PROBLEMS = {
  'approval-pending': {
    status: 202,
    rpc: -32001,
    title: 'Waiting for a human',
    next: 'A reviewer must decide this in the console. Call the same tool again with identical arguments to attach to it. Do not work around this.',
  },
  'denied-by-human': {
    status: 403,
    rpc: -32001,
    title: 'Denied by a reviewer',
    next: 'Do not retry or work around this. Ask the person you work for.',
  },
  'denied-by-policy': {
    status: 403,
    rpc: -32001,
    title: 'Denied by policy',
    next: 'Do not retry or work around this. An admin can change the policy.',
  },
  'approval-expired': {
    status: 403,
    rpc: -32001,
    title: 'Nobody decided in time',
    next: 'Call again with identical arguments to ask anew.',
  },
  'approval-withdrawn': {
    status: 409,
    rpc: -32001,
    title: 'The request was withdrawn',
    next: 'Call again with identical arguments to ask anew.',
  },
  'approval-superseded': {
    status: 409,
    rpc: -32001,
    title: 'The tool or its server changed while waiting',
    next: 'List the tools again, then call with the current definition.',
  },
  'stale-digest': {
    status: 409,
    rpc: -32001,
    title: 'What you saw is not what is waiting now',
    next: 'Read the fresh record in this answer and decide again.',
  },
  'already-decided': { status: 409, rpc: -32001, title: 'Already decided', next: 'See who decided in the record.' },
  'step-up-required': {
    status: 403,
    rpc: -32001,
    title: 'Proof of presence required',
    next: 'Prove that it is you, with your password or passkey as the detail says, then repeat the action.',
  },
  'step-up-failed': {
    status: 401,
    rpc: -32001,
    title: 'The passkey was not accepted',
    next: 'Nothing was decided. Try again from the start, with a passkey of your own.',
  },
  'passkey-needed': {
    status: 409,
    rpc: -32001,
    title: 'You have no passkey yet',
    next: 'Add one under Settings, then repeat the action.',
  },
  'passkey-unavailable': {
    status: 409,
    rpc: -32001,
    title: 'Passkeys do not work at this address',
    next: 'Do as the detail says, then repeat the action.',
  },
  killed: {
    status: 403,
    rpc: -32001,
    title: 'Stopped by the kill switch',
    next: 'Do not retry. Tools that the stop does not cover still work. Ask the person you work for.',
  },
  'unknown-server': {
    status: 404,
    rpc: -32001,
    title: 'No such server for this agent',
    next: 'Ask an admin to register the server and allow it for this agent.',
  },
  'unknown-tool': {
    status: 404,
    rpc: -32001,
    title: 'No such tool',
    next: 'List the tools and use one of the names given.',
  },
  'tool-quarantined': {
    status: 403,
    rpc: -32001,
    title: 'The tool is not accepted',
    next: 'An admin must accept its definition in the console.',
  },
  'server-disabled': {
    status: 403,
    rpc: -32001,
    title: 'The server is switched off',
    next: 'An admin can enable it in the console.',
  },
  'egress-denied': {
    status: 403,
    rpc: -32001,
    title: 'Destination not on the allowlist',
    next: 'An admin can allow the destination under Egress.',
  },
  'credential-unavailable': {
    status: 502,
    rpc: -32001,
    title: 'The credential for this server cannot be used now',
    next: 'Nothing was sent. An admin can see under Credentials what is wrong with it.',
  },
  'credential-ended': {
    status: 403,
    rpc: -32001,
    title: 'The credential for this server has ended',
    next: 'Nothing was sent. An admin must replace it under Credentials.',
  },
  'credential-in-call': {
    status: 403,
    rpc: -32001,
    title: 'The call holds the credential of a server',
    next: 'Nothing was sent. Leave it out: a credential goes to its own server by itself. An admin should replace it, because it is known outside of the vault.',
  },
  'personal-token': {
    status: 422,
    rpc: -32001,
    title: 'This is a person’s own token',
    next: 'Use a service’s credential instead, as the detail says.',
  },
  'credential-test-failed': {
    status: 409,
    rpc: -32001,
    title: 'The server did not take the new secret',
    next: 'The current one stays in use. Check the new one, then rotate again.',
  },
  'rotation-running': {
    status: 409,
    rpc: -32001,
    title: 'A rotation of this credential is running',
    next: 'Wait a minute, then look at its versions.',
  },
  'bad-json': {
    status: 400,
    rpc: -32700,
    title: 'Not acceptable JSON',
    next: 'Send I-JSON (RFC 7493): no duplicate keys, no lone surrogates, no integers beyond 2^53-1, depth at most 64.',
  },
  'args-invalid': {
    status: 422,
    rpc: -32602,
    title: 'Arguments do not fit the tool',
    next: 'Read the tool definition and correct the arguments.',
  },
  'args-too-large': { status: 413, rpc: -32600, title: 'Arguments too large', next: 'Keep the request under 1 MiB.' },
  'pending-cap': {
    status: 429,
    rpc: -32001,
    title: 'Too many requests are waiting',
    next: 'Wait until a reviewer has decided some of them.',
  },
  'too-many-connections': {
    status: 429,
    rpc: -32001,
    title: 'Too many connections are open',
    next: 'Close connections that are no longer used, then try again.',
  },
  'connection-limit': {
    status: 403,
    rpc: -32001,
    title: 'The connection reached its limit',
    next: 'A connection may last twelve hours and carry 16 GiB each way. Open another one for the rest.',
  },
  'cooling-down': {
    status: 429,
    rpc: -32001,
    title: 'Denied too often',
    next: 'Reviewers have denied this tool several times. Wait five minutes, and ask the person you work for what to do instead.',
  },
  'self-approval': { status: 403, rpc: -32001, title: 'You own this agent', next: 'Another reviewer must decide.' },
  'not-allowed': { status: 403, rpc: -32001, title: 'Not allowed', next: 'Ask an admin for the role this needs.' },
  'not-signed-in': { status: 401, rpc: -32001, title: 'Not signed in', next: 'Sign in and try again.' },
  'not-found': { status: 404, rpc: -32601, title: 'Not found', next: 'Check the id.' },
  'sso-off': {
    status: 409,
    rpc: -32001,
    title: 'No sign-in provider is set up',
    next: 'Sign in another way, or ask an admin.',
  },
  'sso-unavailable': {
    status: 503,
    rpc: -32001,
    title: 'The sign-in provider does not answer as it should',
    next: 'Try again in a few minutes. Whoever is signed in stays so; the log says what was wrong.',
  },
  'sso-failed': {
    status: 401,
    rpc: -32001,
    title: 'The sign-in through the provider was not accepted',
    next: 'Start again from the sign-in page, in one browser. The log says what was wrong.',
  },
  'sso-email-unverified': {
    status: 403,
    rpc: -32001,
    title: 'The provider has not verified your e-mail address',
    next: 'Have it verified there, then sign in again.',
  },
  'sso-no-account': {
    status: 403,
    rpc: -32001,
    title: 'You have no account here',
    next: 'Ask an admin to invite the e-mail address that the provider knows.',
  },
  'passwords-off': {
    status: 403,
    rpc: -32001,
    title: 'Passwords are switched off here',
    next: 'Sign in through the provider or with a passkey.',
  },
  'cross-site': { status: 403, rpc: -32001, title: 'Request from another site', next: 'Use the console itself.' },
  'invalid-request': {
    status: 422,
    rpc: -32600,
    title: 'The request does not fit',
    next: 'Correct what the detail names.',
  },
  conflict: { status: 409, rpc: -32001, title: 'Changed meanwhile', next: 'Reload and try again.' },
  'policy-tests-fail': {
    status: 409,
    rpc: -32001,
    title: 'Policy tests fail',
    next: 'Correct the rules or the tests, or publish all the same and have that recorded.',
  },
  'name-taken': { status: 409, rpc: -32001, title: 'The name is taken', next: 'Choose another name.' },
  'idempotency-mismatch': {
    status: 422,
    rpc: -32001,
    title: 'Same key, other body',
    next: 'Use a new Idempotency-Key for a new request.',
  },
  'idempotency-in-flight': {
    status: 409,
    rpc: -32001,
    title: 'The first attempt is still running',
    next: 'Wait for it, then read the record.',
  },
  'rate-limited': { status: 429, rpc: -32001, title: 'Too many attempts', next: 'Wait a few minutes, then try again.' },
  'link-invalid': {
    status: 410,
    rpc: -32001,
    title: 'This link is used up or expired',
    next: 'Ask for a new one, or restart the server for a fresh set-up link.',
  },
  'link-used': {
    status: 410,
    rpc: -32001,
    title: 'This link was used already',
    next: 'If that was you, sign in. If it was not, tell an admin now.',
  },
  'link-expired': {
    status: 410,
    rpc: -32001,
    title: 'This link has run out',
    next: 'Ask whoever sent it for a new one, or restart the server for a fresh set-up link.',
  },
  'link-replaced': {
    status: 410,
    rpc: -32001,
    title: 'This link was taken back',
    next: 'A newer one took its place, or it was withdrawn: look for a later message, or ask whoever sent it.',
  },
  'last-admin': {
    status: 409,
    rpc: -32001,
    title: 'The last admin cannot go',
    next: 'Make somebody else admin first.',
  },
  'egress-entry-needed': {
    status: 409,
    rpc: -32001,
    title: 'This server needs an allowlist entry',
    next: 'Confirm the entry shown in this answer.',
  },
  'scan-failed': {
    status: 502,
    rpc: -32001,
    title: 'The server could not be read',
    next: 'Check its address and that it is running, then scan again.',
  },
  'second-person-needed': {
    status: 409,
    rpc: -32001,
    title: 'Another person must confirm',
    next: 'Ask somebody else in security or admin. Whoever you brought in within a day counts as you until that is confirmed.',
  },
  'too-early': {
    status: 409,
    rpc: -32001,
    title: 'Not yet',
    next: 'Wait until the time named in the detail, then confirm.',
  },
  'token-invalid': {
    status: 401,
    rpc: -32001,
    title: 'Token not valid',
    next: 'Get a new token from POST /oauth/token or from an admin.',
  },
  'token-wrong-audience': {
    status: 401,
    rpc: -32001,
    title: 'Token is for another resource',
    next: 'Ask for a token with this resource.',
  },
  'session-unknown': { status: 404, rpc: -32001, title: 'No such MCP session', next: 'Initialize a new session.' },
  'session-quarantined': {
    status: 403,
    rpc: -32001,
    title: 'The session is quarantined',
    next: 'Security must release it.',
  },
  'audit-unavailable': {
    status: 503,
    rpc: -32001,
    title: 'The call could not be recorded',
    next: 'Nothing ran. Try again later.',
  },
  'database-unavailable': {
    status: 503,
    rpc: -32001,
    title: 'The database does not answer',
    next: 'Nothing ran. Try again later.',
  },
  'not-ready': { status: 503, rpc: -32001, title: 'Starting or stopping', next: 'Try again in a moment.' },
  'upstream-failed': {
    status: 502,
    rpc: -32001,
    title: 'The server failed',
    next: 'The call may have had effects. Check before you repeat it.',
  },
  'upstream-timeout': {
    status: 504,
    rpc: -32001,
    title: 'The server did not answer in time',
    next: 'The call may have had effects. Check before you repeat it.',
  },
  'unknown-outcome': {
    status: 502,
    rpc: -32001,
    title: 'Outcome unknown',
    next: 'The call may have had effects. Check before you repeat it.',
  },
  'method-not-allowed': { status: 405, rpc: -32601, title: 'Method not allowed', next: 'See /api/openapi.json.' },
  'unsupported-media-type': {
    status: 415,
    rpc: -32600,
    title: 'Send application/json',
    next: 'Set Content-Type: application/json.',
  },
  'header-mismatch': {
    status: 400,
    rpc: -32020,
    title: 'Headers and body disagree',
    next: 'Send Mcp-Method, Mcp-Name and MCP-Protocol-Version that say what the body says.',
  },
  'bad-envelope': {
    status: 400,
    rpc: -32602,
    title: 'The request does not say which revision it speaks',
    next: 'Send protocol version and client capabilities in _meta of every request.',
  },
  'state-invalid': {
    status: 400,
    rpc: -32602,
    title: 'The requestState is not valid',
    next: 'Call again without requestState: an identical call attaches to the request that waits.',
  },
  'unsupported-version': {
    status: 400,
    rpc: -32022,
    title: 'Unsupported protocol version',
    next: 'Use one of the versions listed in the error.',
  },
  'capability-missing': {
    status: 400,
    rpc: -32021,
    title: 'Missing required client capability',
    next: 'Declare the capability named in the error on every request.',
  },
  internal: {
    status: 500,
    rpc: -32603,
    title: 'Something broke on our side',
    next: 'Nothing was allowed. The log names the request id.',
  },
} as const satisfies Record<string, { status: number; rpc: number; title: string; next: string }>;

/** A code of the table above, kebab-case. */
export type ProblemCode = keyof typeof PROBLEMS;

export { type Problem, problemSchema };

/** Builds the problem document of a code; `detail` must never carry arguments, tokens or rule text. */
export function problem(code: ProblemCode, detail?: string): Problem {
  const row = PROBLEMS[code];
  return {
    type: `urn:countersign:problem:${code}`,
    title: row.title,
    status: row.status,
    code,
    detail: detail ?? row.title,
    next: row.next,
  };
}

/** An expected refusal as a value: the code, and a sentence of detail. */
export type Refusal = { readonly code: ProblemCode; readonly detail?: string };
