import { type EndChoice, endOf } from '#components/ui/end-choice.ts';
import { type CredentialCreate, credentialCreateSchema } from '#lib/contracts/credentials.ts';
import type { ServerSummary } from '#lib/contracts/server-rows.ts';
import {
  CREDENTIAL_KINDS,
  type CredentialKind,
  isMigrationKind,
  isSamePurpose,
  targetOf,
} from '#lib/core/credentials/kinds.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

/** What stands in the form; every field of every kind, so that changing the kind forgets nothing. */
export type Draft = {
  readonly server: string;
  readonly name: string;
  readonly kind: CredentialKind;
  readonly header: string;
  readonly variable: string;
  readonly username: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientAuth: 'client_secret_basic' | 'private_key_jwt';
  readonly scope: string;
  readonly resource: string;
  readonly audience: string;
  readonly subject: 'assertion' | 'client-credentials';
  readonly certificate: string;
  readonly secret: string;
  readonly end: EndChoice;
  readonly reason: string;
};

export const EMPTY_DRAFT: Draft = {
  server: '',
  name: '',
  kind: 'oauth-client-credentials',
  header: '',
  variable: '',
  username: '',
  tokenUrl: '',
  clientId: '',
  clientAuth: 'private_key_jwt',
  scope: '',
  resource: '',
  audience: '',
  subject: 'assertion',
  certificate: '',
  secret: '',
  end: { kind: 'never' },
  reason: '',
};

/** The kinds that can reach a server: a child of ours gets variables, an address gets headers, another's tools get nothing. */
export function kindsFor(
  server: (Pick<ServerSummary, 'transport'> & Partial<Pick<ServerSummary, 'url'>>) | undefined,
  has: readonly CredentialKind[] = [],
): readonly CredentialKind[] {
  if (server === undefined) return CREDENTIAL_KINDS;
  if (server.transport === 'external') return [];
  const targets = server.transport === 'stdio' ? ['env'] : ['headers', 'connection'];
  return CREDENTIAL_KINDS.filter(
    (kind) =>
      targets.includes(targetOf(kind)) &&
      !has.some((one) => isSamePurpose(one, kind)) &&
      (targetOf(kind) !== 'connection' || server.url?.startsWith('https:') === true),
  );
}

export function isMinted(kind: CredentialKind): boolean {
  return kind === 'oauth-client-credentials' || kind === 'token-exchange';
}

/** Whether somebody types a secret for it: with private_key_jwt we make the key ourselves. */
export function needsSecret(draft: Pick<Draft, 'kind' | 'clientAuth'>): boolean {
  return !(isMinted(draft.kind) && draft.clientAuth === 'private_key_jwt');
}

/** The same draft with another kind; a fixed secret must end, and 30 days is where we start. */
export function withKind(draft: Draft, kind: CredentialKind): Draft {
  if (!isMigrationKind(kind)) return { ...draft, kind };
  return { ...draft, kind, end: draft.end.kind === 'never' ? { kind: 'in', hours: 30 * 24 } : draft.end };
}

function given(name: string, value: string): Record<string, string> {
  return value.trim() === '' ? {} : { [name]: value.trim() };
}

function configOf(draft: Draft): unknown {
  const { kind, tokenUrl, clientId, clientAuth } = draft;
  const oauth = {
    tokenUrl: tokenUrl.trim(),
    clientId: clientId.trim(),
    clientAuth,
    ...given('scope', draft.scope),
    ...given('resource', draft.resource),
    ...given('audience', draft.audience),
  };
  const configs: Readonly<Record<CredentialKind, unknown>> = {
    bearer: { kind },
    header: { kind, header: draft.header.trim() },
    env: { kind, variable: draft.variable.trim() },
    basic: { kind, username: draft.username },
    'oauth-client-credentials': { kind, ...oauth },
    'token-exchange': { kind, ...oauth, subject: draft.subject },
    'client-certificate': { kind, certificate: draft.certificate.trim() },
  };
  return configs[kind];
}

/** The field that is missing or wrong, in words, by the path where the shape does not fit. */
const FIELD_SENTENCES: Readonly<Record<string, string>> = {
  name: 'Name: lower-case letters, digits and inner hyphens.',
  server: 'Choose the server first.',
  'config.header': 'Name the header. Those that carry the message itself cannot be taken.',
  'config.variable':
    'Name the variable: upper-case, ending in _TOKEN, _KEY, _SECRET, _PASSWORD, _PASS, _PAT or _CREDENTIALS.',
  'config.username': 'Give the user name, without a colon.',
  'config.tokenUrl': 'Give the address of the token endpoint.',
  'config.clientId': 'Give the client id.',
  'config.resource': 'Resource: an address, or leave it empty.',
  'config.certificate': 'Paste the certificate in PEM, without its key.',
  secret: 'Paste the secret: at least 8 characters, printable ASCII.',
  reason: 'Say why first, in a few words.',
};

/** What to send, or the sentence that says what is missing. The server judges it again. */
export function createOf(draft: Draft, nowMs: number): Result<CredentialCreate, string> {
  if (draft.server === '') return err('Choose the server first.');
  // A certificate says itself when it ends.
  const endsAt = draft.kind === 'client-certificate' ? null : endOf(draft.end, nowMs);
  if (endsAt === undefined) return err('Name the last day.');
  const parsed = credentialCreateSchema.safeParse({
    name: draft.name,
    server: draft.server,
    config: configOf(draft),
    ...(needsSecret(draft) ? { secret: draft.secret.trim() } : {}),
    ...(endsAt === null ? {} : { endsAt }),
    reason: draft.reason,
  });
  if (parsed.success) return ok(parsed.data);
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  return err(FIELD_SENTENCES[path] ?? 'Something is missing.');
}
