// What docs/errors.md adds to the table of codes: where a code is met, and what lies behind it.
import type { ProblemCode } from '#lib/contracts/problems.ts';

export const GROUPS = [
  ['calls', 'Calls of an agent', 'What an agent reads in a tool result or an answer of the decision API.'],
  ['deciding', 'Deciding', 'What a person meets who votes, grants, restores or publishes.'],
  ['sign-in', 'Signing in', 'Accounts, links, passkeys and the sign-in provider.'],
  ['registry', 'Servers, tools and addresses', 'What an admin meets who registers, scans or allows something.'],
  ['credentials', 'Credentials of servers', 'What the gateway sends to a server.'],
  ['protocol', 'Requests and protocol', 'What a client meets that does not speak as the API or MCP asks.'],
  ['installation', 'The installation itself', 'Something is not there, or too much is asked of it.'],
] as const;

type Group = (typeof GROUPS)[number][0];
export type Note = { readonly group: Group; readonly why: string };

/** Codes without a note stand in the last group, with what the table says of them. */
export const NOTES: Readonly<Partial<Record<ProblemCode, Note>>> = {
  'approval-pending': {
    group: 'calls',
    why: 'No refusal: the call waits. It is held open for as long as the client can wait; after that, the identical call attaches to the same request and nobody is asked twice.',
  },
  'denied-by-human': {
    group: 'calls',
    why: 'A person looked at the arguments and said no; the reason they gave is in the message. The identical call gets the same denial for a minute without anybody being asked.',
  },
  'denied-by-policy': {
    group: 'calls',
    why: 'A rule whose effect is *deny* matched. The console names it on the call, under Audit; the agent is not told which.',
  },
  'approval-expired': {
    group: 'calls',
    why: 'The request’s time ran out: undecided is denied. Look at who is on duty, or at the rule’s *expires*.',
  },
  'approval-withdrawn': {
    group: 'calls',
    why: 'The agent cancelled, its session ended, or its grant or right was taken away while it waited.',
  },
  'approval-superseded': {
    group: 'calls',
    why: 'What was approved would no longer be what runs: the tool’s definition, the server’s address or the agent’s call was replaced.',
  },
  killed: {
    group: 'calls',
    why: 'A stop covers this call. What waited is void for good, also after the restore. **Kill switch** shows the scope, by whom and why.',
  },
  'unknown-server': {
    group: 'calls',
    why: 'No such server, or this agent may not use it: both read alike on purpose. Under **Agents → Edit** an admin allows it.',
  },
  'unknown-tool': {
    group: 'calls',
    why: 'The name is not in the list the server gave at its last scan. On `/mcp` names carry the server: `server__tool`.',
  },
  'tool-quarantined': {
    group: 'calls',
    why: 'The tool is new, or its definition changed since somebody accepted it. The server’s page shows the difference.',
  },
  'server-disabled': {
    group: 'calls',
    why: 'An admin switched the server off. What waited for it ended.',
  },
  'session-quarantined': {
    group: 'calls',
    why: 'Security put this session of the agent outside. The agent’s page lifts it; other sessions go on.',
  },
  'pending-cap': {
    group: 'calls',
    why: 'The agent already has as many requests waiting as its setting allows (20 unless changed): a runaway loop must not bury the reviewers.',
  },
  'cooling-down': {
    group: 'calls',
    why: 'Three denials of one tool within ten minutes: an agent that asks again and again must not win by tiring people.',
  },
  'args-invalid': {
    group: 'calls',
    why: 'The arguments do not fit the accepted JSON schema. Nothing was sent, and nobody was asked.',
  },
  'args-too-large': { group: 'calls', why: 'One megabyte is the most that can be shown to a person and hashed.' },
  'bad-json': {
    group: 'calls',
    why: 'JSON that two parsers could read differently is refused: a person would approve one reading and the server run another.',
  },
  'upstream-failed': {
    group: 'calls',
    why: 'The call was sent, and the server broke the connection or answered with an error of its own. It is not repeated by itself.',
  },
  'upstream-timeout': {
    group: 'calls',
    why: 'The call was sent, and no answer came. It may still be running over there.',
  },
  'unknown-outcome': {
    group: 'calls',
    why: 'The gateway went away between sending and hearing the answer. Approved calls are never sent a second time.',
  },
  'audit-unavailable': {
    group: 'calls',
    why: 'What cannot be recorded does not run. Look at the database’s disk and at the worker.',
  },
  'credential-in-call': {
    group: 'calls',
    why: 'The arguments hold a secret of the vault, word for word: an agent knows what it must not, and the record must not keep it.',
  },
  'too-many-connections': {
    group: 'calls',
    why: 'The egress proxy allows 128 connections for one identity.',
  },
  'connection-limit': { group: 'calls', why: 'A tunnel of the egress proxy reached its hours or its bytes.' },

  'stale-digest': {
    group: 'deciding',
    why: 'The vote carries the digest that was on your screen. It no longer fits, so nothing was counted.',
  },
  'already-decided': { group: 'deciding', why: 'Somebody else was quicker, or its time ran out.' },
  'self-approval': {
    group: 'deciding',
    why: 'Whoever owns an agent cannot decide its calls, nor can somebody in whose place they would vote. Alone in an install you may.',
  },
  'not-allowed': {
    group: 'deciding',
    why: 'The detail names the role, the group or the rule. For a day, you cannot approve what you yourself made approvable.',
  },
  'second-person-needed': {
    group: 'deciding',
    why: 'Restores and loosenings take two people. Who opened it cannot be the one who confirms it.',
  },
  'policy-tests-fail': {
    group: 'deciding',
    why: 'By these rules not everything comes that the installation’s policy tests ask for. The detail names them; nothing was published.',
  },
  'too-early': {
    group: 'deciding',
    why: 'Alone, a restore and a loosening take a minute in which you could still think better of it.',
  },
  'step-up-required': {
    group: 'deciding',
    why: 'An open browser is not proof of who sits there. Some actions ask for the password, a passkey or the provider again.',
  },
  'step-up-failed': {
    group: 'deciding',
    why: 'The signature was not over this decision, or by no passkey of yours. Each challenge works once.',
  },
  'passkey-needed': { group: 'deciding', why: 'The rule asks for a passkey with each approval.' },
  'passkey-unavailable': {
    group: 'deciding',
    why: 'Browsers allow passkeys on https and on `localhost`, and bind them to the host name of `CONSOLE_URL`.',
  },
  conflict: {
    group: 'deciding',
    why: 'Somebody else saved in the meantime. Nothing of yours was saved.',
  },

  'not-signed-in': {
    group: 'sign-in',
    why: 'The session ended: after 12 hours, by somebody’s revocation, or by signing out.',
  },
  'rate-limited': { group: 'sign-in', why: 'Too many wrong attempts from this address or for this account.' },
  'link-invalid': {
    group: 'sign-in',
    why: 'Links work once: set-up links for 15 minutes, resets for an hour, invitations for 72 hours.',
  },
  'link-used': {
    group: 'sign-in',
    why: 'Each link works once. If somebody else took it, their account exists now and must go.',
  },
  'link-expired': {
    group: 'sign-in',
    why: 'Set-up links last 15 minutes, resets an hour, invitations 72 hours.',
  },
  'link-replaced': {
    group: 'sign-in',
    why: 'A newer link for the same person, or a withdrawal, ends the ones before it.',
  },
  'last-admin': { group: 'sign-in', why: 'An installation without an admin could only be rescued from its host.' },
  'passwords-off': {
    group: 'sign-in',
    why: 'An admin switched passwords off. `npx countersign people reset EMAIL` on the host switches them on again.',
  },
  'sso-off': { group: 'sign-in', why: 'Neither `OIDC_ISSUER` nor **Settings → How people sign in** names a provider.' },
  'sso-unavailable': {
    group: 'sign-in',
    why: 'Its discovery document, keys or token endpoint could not be read. `person.sign-in-failed` in the log says what.',
  },
  'sso-failed': {
    group: 'sign-in',
    why: 'The answer was for another browser, too old, or its signature, nonce or issuer is wrong.',
  },
  'sso-email-unverified': {
    group: 'sign-in',
    why: 'An address that nobody verified could be anybody’s: it binds no account.',
  },
  'sso-no-account': { group: 'sign-in', why: 'No account and no open invitation has this e-mail address.' },
  'cross-site': {
    group: 'sign-in',
    why: 'The Origin is not that of `CONSOLE_URL`: another site, or a proxy in front that this setting does not name.',
  },

  'egress-denied': {
    group: 'registry',
    why: 'No entry covers the host, port, path and the address that the name resolved to. **Egress → Blocked** has the attempt, with *Allow…*.',
  },
  'egress-entry-needed': {
    group: 'registry',
    why: 'The address is new. You see the exact entry it needs; confirming adds server and entry together.',
  },
  'scan-failed': {
    group: 'registry',
    why: 'The address answers, but not as an MCP server: wrong path, sign-in needed, or not running. The detail says which step failed.',
  },
  'name-taken': {
    group: 'registry',
    why: 'Names of servers, agents, commands and credentials are unique, also those of revoked agents.',
  },
  'not-found': { group: 'registry', why: 'It was never there, or it is gone.' },

  'credential-unavailable': {
    group: 'credentials',
    why: 'The vault could not open it, its token endpoint refused, or the server’s address changed and nobody has confirmed the credential for the new one.',
  },
  'credential-ended': {
    group: 'credentials',
    why: 'Its end has come. Plain secrets end within 90 days, whatever is rotated.',
  },
  'personal-token': {
    group: 'credentials',
    why: 'Tokens that are a person, such as `ghp_…` or `xoxp-…`, would make every agent that person. The detail names the kind of token to use.',
  },
  'credential-test-failed': {
    group: 'credentials',
    why: 'A new secret is tried with `initialize` and `tools/list` before anything is switched.',
  },
  'rotation-running': { group: 'credentials', why: 'Rotations of one credential run one at a time.' },

  'token-invalid': {
    group: 'protocol',
    why: 'Ended, revoked, of a rotated agent, or not one of ours. Signed tokens live 15 minutes, static ones at most 24 hours.',
  },
  'token-wrong-audience': {
    group: 'protocol',
    why: 'A token is good for one address: `/mcp/<server>`, `/mcp`, `/api/v1/calls` or `/egress`.',
  },
  'session-unknown': {
    group: 'protocol',
    why: 'The MCP session ended or was another agent’s. Clients initialize again by themselves.',
  },
  'invalid-request': {
    group: 'protocol',
    why: 'The detail names the field. The whole API is described at `/api/openapi.json`.',
  },
  'idempotency-mismatch': { group: 'protocol', why: 'A key stands for one request; this one came with another body.' },
  'idempotency-in-flight': { group: 'protocol', why: 'The same key is being worked on by an earlier attempt.' },
  'method-not-allowed': { group: 'protocol', why: 'The path is there, but not for this method.' },
  'unsupported-media-type': {
    group: 'protocol',
    why: 'Forms and plain text are refused: browsers can send them across sites.',
  },
  'header-mismatch': {
    group: 'protocol',
    why: 'Revision 2026-07-28: what proxies read in the headers must be what runs.',
  },
  'bad-envelope': { group: 'protocol', why: 'Revision 2026-07-28 has no sessions; each request says what it speaks.' },
  'state-invalid': { group: 'protocol', why: 'A `requestState` is good once, for the same call of the same agent.' },
  'unsupported-version': { group: 'protocol', why: 'The error lists the versions that this gateway speaks.' },
  'capability-missing': { group: 'protocol', why: 'Revision 2026-07-28: what is not declared is not used.' },

  'database-unavailable': {
    group: 'installation',
    why: 'Without the database nothing can be checked or recorded, so everything is refused. `npx countersign doctor` looks at it.',
  },
  'not-ready': { group: 'installation', why: 'The process is starting, draining, or has no lease on the kill switch.' },
  internal: {
    group: 'installation',
    why: 'A fault of ours. Find the request id in the log of the process (`data/logs/`), and report it without arguments or tokens.',
  },
};

/** Codes that the console itself gives, where no answer came that could carry one. */
export const BROWSER_CODES = [
  {
    code: 'unreachable',
    title: 'The server cannot be reached',
    why: 'The browser got no answer within 20 seconds. What you see stays; it may be out of date.',
    next: 'Check your connection and that the console runs. Nothing you see is lost.',
  },
  {
    code: 'answer-unreadable',
    title: 'The server answered in a form this page does not know',
    why: 'The page is older than the server, or something between them answered in its place.',
    next: 'Reload the page.',
  },
] as const;
