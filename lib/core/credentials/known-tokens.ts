// Whose token is it? Upstream credentials belong to services: a person's token acts with the person's rights, ends when
// they leave, and says in the upstream's log that a human did what an agent did.
import { parseStrict } from '../json/parse-strict.ts';
import { isJsonObject, type JsonObject, ownValue } from '../json/value.ts';

/** What a secret was recognised as. `migration`: taken for a while, with an end; `refused`: never. */
export type KnownToken = {
  readonly name: string;
  readonly verdict: 'refused' | 'migration';
  /** What to use instead, in a sentence. */
  readonly instead: string;
};

/** `alone`: nothing of a name may stand directly before it, because its beginning is also the end of ordinary words. */
type Format = KnownToken & { readonly pattern: RegExp; readonly alone?: true };

const FORMATS: readonly Format[] = [
  {
    name: 'GitHub fine-grained personal token',
    pattern: /github_pat_[A-Za-z0-9_]{20,}/,
    verdict: 'migration',
    instead: 'Use a GitHub App with a key of its own.',
  },
  {
    name: 'GitHub personal or user token',
    pattern: /gh[pour]_[A-Za-z0-9]{16,}/,
    verdict: 'refused',
    instead: 'Use a GitHub App, or for a while a fine-grained token (github_pat_) with few permissions.',
  },
  {
    name: 'Slack user token',
    pattern: /(xox[psdrec]|xoxe\.xoxp)-[A-Za-z0-9%+/=.-]{6,}/,
    verdict: 'refused',
    instead: 'Use the bot token (xoxb-) of a Slack app.',
  },
  {
    name: 'GitLab personal token',
    pattern: /(glpat|gloas)-[A-Za-z0-9_.-]{10,}/,
    verdict: 'refused',
    instead: 'Use a group or project service account, or OAuth client credentials.',
  },
  {
    name: 'AWS access key of a user',
    // The id of a user's long-lived key, alone or with its secret in any of the usual spellings.
    pattern: /AKIA[A-Z2-7]{12,}(?![A-Z0-9])/,
    verdict: 'refused',
    instead: 'Use a role: its keys are short-lived (token exchange with AssumeRoleWithWebIdentity).',
  },
  {
    name: 'Atlassian personal API token',
    pattern: /ATATT3x[A-Za-z0-9_=-]{10,}/,
    verdict: 'refused',
    instead: 'Use a service account with OAuth 2.0 client credentials.',
  },
  {
    name: 'Notion personal token',
    pattern: /(secret_[A-Za-z0-9]{40,}|ntn_[A-Za-z0-9]{30,})/,
    alone: true,
    verdict: 'migration',
    instead: 'Use an integration that a workspace owns, and prove with its owner that this one is.',
  },
  {
    name: 'Linear personal API key',
    pattern: /lin_api_[A-Za-z0-9]{16,}/,
    verdict: 'refused',
    instead: 'Use a Linear OAuth application with client credentials (actor=app).',
  },
  {
    name: 'OpenAI user key',
    // Keys of projects and service accounts (sk-proj-, sk-svcacct-, sk-admin-) and of other makers (sk-ant-) are not these.
    pattern: /sk-(None-)?(?!proj-|svcacct-|admin-|ant-|or-)[A-Za-z0-9]{20,}(?![A-Za-z0-9_-])/,
    alone: true,
    verdict: 'refused',
    instead: 'Use the key of a service account (sk-svcacct-).',
  },
  {
    name: 'npm token',
    pattern: /npm_[A-Za-z0-9]{20,}/,
    verdict: 'refused',
    instead: 'Use trusted publishing, or a granular token of an automation account as an environment variable of CI.',
  },
  {
    name: 'Google refresh token of a user',
    pattern: /1\/\/0[A-Za-z0-9_-]{20,}/,
    verdict: 'refused',
    instead: 'Use a service account with private_key_jwt.',
  },
  {
    name: 'Figma personal token',
    pattern: /fig[dou]_[A-Za-z0-9_-]{20,}/,
    verdict: 'refused',
    instead: 'Use an OAuth application of the organisation.',
  },
  {
    name: 'Asana personal token',
    pattern: /[12]\/\d{10,}(\/\d{10,})?:[a-f0-9]{32}/,
    verdict: 'refused',
    instead: 'Use a service account of the organisation.',
  },
  {
    name: 'Airtable personal token',
    pattern: /pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/,
    verdict: 'refused',
    instead: 'Use a service account’s token.',
  },
  {
    name: 'DigitalOcean personal token',
    pattern: /do[po]_v1_[a-f0-9]{40,}/,
    verdict: 'refused',
    instead: 'Use a team’s application token with scopes.',
  },
  {
    name: 'PyPI token',
    pattern: /pypi-AgE[A-Za-z0-9_-]{20,}/,
    verdict: 'refused',
    instead: 'Use trusted publishing.',
  },
  {
    name: 'Countersign session of a person',
    pattern: /csh_[A-Za-z0-9_-]{8,}/,
    alone: true,
    verdict: 'refused',
    instead:
      'It signs a person in here; an upstream must never see it. Ask the upstream for a credential of a service.',
  },
  {
    name: 'Countersign agent credential',
    pattern: /(cs|css)_[A-Za-z0-9_-]{16,}/,
    alone: true,
    verdict: 'refused',
    instead: 'It opens this gateway; an upstream must never see it. Ask the upstream for a credential of a service.',
  },
];

/** Longer texts than any secret that is taken are judged by their beginning. */
const MOST_CHARS = 65_536;
/** Base64 within base64 within base64. */
const MOST_LAYERS = 3;

const SEARCHES = FORMATS.map((format) => ({
  format,
  search: new RegExp(`(?<![A-Za-z0-9${format.alone === true ? '_-' : ''}])(?:${format.pattern.source})`),
}));

const SESSION: KnownToken = {
  name: 'signed token of a person’s session',
  verdict: 'refused',
  instead: 'Use OAuth client credentials: a token for the service itself.',
};

/**
 * What a secret is recognised as, or null. Looks for every format anywhere in the text and in what percent signs, base64 and
 * hex hide, three layers deep, so that a personal token does not pass by being wrapped. What is refused counts before what
 * is lent.
 *
 * A format that is not known passes: this is a net for accidents, not a proof.
 */
export function recogniseToken(secret: string): KnownToken | null {
  let lent: KnownToken | null = null;
  for (const text of layersOf(secret.slice(0, MOST_CHARS))) {
    if (hasHumanSession(text)) return SESSION;
    for (const { format, search } of SEARCHES) {
      if (!search.test(text)) continue;
      const { name, verdict, instead } = format;
      if (verdict === 'refused') return { name, verdict, instead };
      lent ??= { name, verdict, instead };
    }
  }
  return lent;
}

/** The text, and whatever it says when it is decoded. Nothing grows by decoding but by the offsets, so this ends soon. */
function layersOf(whole: string): ReadonlySet<string> {
  const found = new Set([whole]);
  let layer = [whole];
  for (let depth = 0; depth < MOST_LAYERS; depth++) {
    const next = new Set<string>();
    for (const text of layer) for (const decoded of decodingsOf(text)) if (!found.has(decoded)) next.add(decoded);
    for (const decoded of next) found.add(decoded);
    layer = [...next];
  }
  return found;
}

function decodingsOf(text: string): string[] {
  const found: string[] = [];
  if (text.includes('%')) found.push(text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => charOf(hex)));
  const joined = text.replace(/[\r\n]+/g, '');
  for (const [run] of joined.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
    const plain = run.replaceAll('-', '+').replaceAll('_', '/');
    // What stands directly before the beginning (`user/…`) may be read as part of it: one of four beginnings is right.
    for (let skip = 0; skip < 4; skip++) found.push(atob(evenly(plain.slice(skip))));
  }
  for (const [run] of joined.matchAll(/(?:[0-9A-Fa-f]{2}){12,}/g)) found.push(run.replace(/../g, charOf));
  return found.filter((decoded) => decoded.length >= 8);
}

const charOf = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16));

/** One character too many says nothing in base64, and the decoder refuses it. */
function evenly(base64: string): string {
  return base64.length % 4 === 1 ? base64.slice(0, -1) : base64;
}

const HUMAN_CLAIMS = ['email', 'preferred_username', 'given_name', 'family_name', 'upn', 'nonce', 'amr', 'auth_time'];

/**
 * Whether somewhere in a text stands a JWT whose claims are a human's session: an id token, or an access token that names who
 * signed in. The signature does not matter here, and a token of a service (its subject is its client) is none.
 */
function hasHumanSession(text: string): boolean {
  for (const [run] of text.matchAll(/[A-Za-z0-9_.-]{8,}/g)) {
    const parts = run.split('.');
    for (let at = 0; at + 2 < parts.length; at++) if (isHumanSession(parts[at], parts[at + 1])) return true;
  }
  return false;
}

function isHumanSession(head: string | undefined, body: string | undefined): boolean {
  const header = decodeJson(head);
  if (header === null || !Object.hasOwn(header, 'alg')) return false;
  const claims = decodeJson(body);
  if (claims === null) return false;
  const subject = ownValue(claims, 'sub');
  const client = ownValue(claims, 'azp') ?? ownValue(claims, 'client_id') ?? ownValue(claims, 'appid');
  if (typeof subject === 'string' && subject === client) return false;
  return HUMAN_CLAIMS.some((name) => Object.hasOwn(claims, name)) || typeof ownValue(claims, 'sid') === 'string';
}

function decodeJson(part: string | undefined): JsonObject | null {
  if (part === undefined || part.length > 16_384 || !/^[A-Za-z0-9_-]+$/.test(part)) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const read = parseStrict(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return read.ok && isJsonObject(read.value) ? read.value : null;
  } catch {
    return null;
  }
}
