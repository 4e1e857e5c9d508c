import type { BadgeTone } from '#components/ui/badge.tsx';
import type { CredentialStatus, CredentialView } from '#lib/contracts/credentials.ts';
import type { CredentialKind } from '#lib/core/credentials/kinds.ts';

/** Every kind in a few words, and what somebody who adds one must know. */
export const KIND_WORDS: Readonly<Record<CredentialKind, { readonly word: string; readonly says: string }>> = {
  'oauth-client-credentials': {
    word: 'OAuth client',
    says: 'The gateway asks the authorisation server for a token at each use, and keeps it until it ends. A stolen token is good for minutes.',
  },
  'token-exchange': {
    word: 'Token exchange',
    says: 'The gateway exchanges what it holds for a token of this server (RFC 8693). A stolen token is good for minutes.',
  },
  basic: { word: 'Basic', says: 'A user name and a password of a service account, sent on each request.' },
  bearer: { word: 'Bearer token', says: 'Sent as Authorization: Bearer on each request.' },
  header: { word: 'Header', says: 'Sent in a header that the server names.' },
  'client-certificate': {
    word: 'Client certificate',
    says: 'Shown when a connection to this server\u2019s own address is made. It ends when the certificate does. The allowlist entry of the address names it.',
  },
  env: { word: 'Variable', says: 'Put into the environment of the server\u2019s own process. For stdio servers.' },
};

/** Every state as a word and its weight. */
export const STATUS_WORDS: Readonly<Record<CredentialStatus, { readonly word: string; readonly tone: BadgeTone }>> = {
  active: { word: 'In use', tone: 'good' },
  ending: { word: 'Ending', tone: 'warning' },
  ended: { word: 'Ended', tone: 'danger' },
  failed: { word: 'Refused', tone: 'danger' },
  retired: { word: 'Retired', tone: 'plain' },
};

/** What the server no longer gets, and what leads out of it. */
export const ENDED_NEXT =
  'Nothing is sent with it any more: calls to this server are refused. Retire it and add another, best one that is minted at each use.';

/** Why a long-lived secret is only lent. */
export const WHY_AN_END =
  'A secret that is sent as it is can be used by whoever finds it, for as long as it lives. It is for migration only: it ends within 90 days, and then it is a hard stop.';

/** Whether it counts for what needs attention. */
export function isLive(credential: Pick<CredentialView, 'status'>): boolean {
  return credential.status !== 'retired';
}

const ORDER: Readonly<Record<CredentialStatus, number>> = { ended: 0, failed: 1, ending: 2, active: 3, retired: 4 };

/** What needs somebody first, then what ends first. */
export function byUrgency(a: CredentialView, b: CredentialView): number {
  const end = (one: CredentialView) => (one.endsAt === null ? Number.POSITIVE_INFINITY : Date.parse(one.endsAt));
  if (ORDER[a.status] !== ORDER[b.status]) return ORDER[a.status] - ORDER[b.status];
  if (end(a) !== end(b)) return end(a) - end(b);
  return a.name.localeCompare(b.name);
}
