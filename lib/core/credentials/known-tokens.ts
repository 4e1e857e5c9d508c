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

type Format = KnownToken & { readonly pattern: RegExp };

const FORMATS: readonly Format[] = [
  {
    name: 'GitHub fine-grained personal token',
    pattern: /^github_pat_[A-Za-z0-9_]{20,}$/,
    verdict: 'migration',
    instead: 'Use a GitHub App with a key of its own.',
  },
  {
    name: 'GitHub personal or user token',
    pattern: /^gh[pour]_[A-Za-z0-9]{16,}$/,
    verdict: 'refused',
    instead: 'Use a GitHub App, or for a while a fine-grained token (github_pat_) with few permissions.',
  },
  {
    name: 'Slack user token',
    pattern: /^(xox[psdrec]|xoxe\.xoxp)-[A-Za-z0-9%+/=.-]{6,}$/,
    verdict: 'refused',
    instead: 'Use the bot token (xoxb-) of a Slack app.',
  },
  {
    name: 'GitLab personal token',
    pattern: /^(glpat|gloas)-[A-Za-z0-9_.-]{10,}$/,
    verdict: 'refused',
    instead: 'Use a group or project service account, or OAuth client credentials.',
  },
  {
    name: 'AWS access key of a user',
    // The id of a user's long-lived key, alone or with its secret in any of the usual spellings.
    pattern: /(^|[^A-Z0-9])AKIA[A-Z2-7]{12,}($|[^A-Z0-9])/,
    verdict: 'refused',
    instead: 'Use a role: its keys are short-lived (token exchange with AssumeRoleWithWebIdentity).',
  },
  {
    name: 'Atlassian personal API token',
    pattern: /^ATATT3x[A-Za-z0-9_=-]{10,}$/,
    verdict: 'refused',
    instead: 'Use a service account with OAuth 2.0 client credentials.',
  },
  {
    name: 'Notion personal token',
    pattern: /^(secret_[A-Za-z0-9]{40,}|ntn_[A-Za-z0-9]{30,})$/,
    verdict: 'migration',
    instead: 'Use an integration that a workspace owns, and prove with its owner that this one is.',
  },
  {
    name: 'Linear personal API key',
    pattern: /^lin_api_[A-Za-z0-9]{16,}$/,
    verdict: 'refused',
    instead: 'Use a Linear OAuth application with client credentials (actor=app).',
  },
  {
    name: 'OpenAI user key',
    // Keys of projects and service accounts (sk-proj-, sk-svcacct-, sk-admin-) and of other makers (sk-ant-) are not these.
    pattern: /^sk-(None-)?(?!proj-|svcacct-|admin-|ant-|or-)[A-Za-z0-9]{20,}$/,
    verdict: 'refused',
    instead: 'Use the key of a service account (sk-svcacct-).',
  },
  {
    name: 'npm token',
    pattern: /^npm_[A-Za-z0-9]{20,}$/,
    verdict: 'refused',
    instead: 'Use trusted publishing, or a granular token of an automation account as an environment variable of CI.',
  },
  {
    name: 'Google refresh token of a user',
    pattern: /^1\/\/0[A-Za-z0-9_-]{20,}$/,
    verdict: 'refused',
    instead: 'Use a service account with private_key_jwt.',
  },
  {
    name: 'Figma personal token',
    pattern: /^fig[dou]_[A-Za-z0-9_-]{20,}$/,
    verdict: 'refused',
    instead: 'Use an OAuth application of the organisation.',
  },
  {
    name: 'Asana personal token',
    pattern: /^[12]\/\d{10,}(\/\d{10,})?:[a-f0-9]{32}$/,
    verdict: 'refused',
    instead: 'Use a service account of the organisation.',
  },
  {
    name: 'Airtable personal token',
    pattern: /^pat[A-Za-z0-9]{14}\.[a-f0-9]{64}$/,
    verdict: 'refused',
    instead: 'Use a service account’s token.',
  },
  {
    name: 'DigitalOcean personal token',
    pattern: /^do[po]_v1_[a-f0-9]{40,}$/,
    verdict: 'refused',
    instead: 'Use a team’s application token with scopes.',
  },
  {
    name: 'PyPI token',
    pattern: /^pypi-AgE[A-Za-z0-9_-]{20,}$/,
    verdict: 'refused',
    instead: 'Use trusted publishing.',
  },
  {
    name: 'Countersign session of a person',
    pattern: /^csh_[A-Za-z0-9_-]{8,}$/,
    verdict: 'refused',
    instead:
      'It signs a person in here; an upstream must never see it. Ask the upstream for a credential of a service.',
  },
  {
    name: 'Countersign agent credential',
    pattern: /^(cs|css)_[A-Za-z0-9_-]{16,}$/,
    verdict: 'refused',
    instead: 'It opens this gateway; an upstream must never see it. Ask the upstream for a credential of a service.',
  },
];

/** What stands around a token when people paste it. */
const AROUND = /^(?:authorization:\s*)?(?:(?:bearer|basic|token|apikey|private-token:)\s+)?["'`]?|["'`]?$/gi;

/**
 * What a secret is recognised as, or null. Looks at the whole text, at it without `Bearer`, quotes and spaces around, at each
 * of its words, and behind base64 (`user:token`), so that a personal token does not pass by being wrapped.
 *
 * A format that is not known passes: this is a net for accidents, not a proof.
 */
export function recogniseToken(secret: string): KnownToken | null {
  for (const candidate of candidatesOf(secret)) {
    const format = FORMATS.find(({ pattern }) => pattern.test(candidate));
    if (format !== undefined) return { name: format.name, verdict: format.verdict, instead: format.instead };
    if (isHumanSession(candidate)) {
      return {
        name: 'signed token of a person’s session',
        verdict: 'refused',
        instead: 'Use OAuth client credentials: a token for the service itself.',
      };
    }
  }
  return null;
}

function candidatesOf(secret: string): ReadonlySet<string> {
  const whole = secret.trim();
  const found = new Set<string>([whole, whole.replace(AROUND, '').trim()]);
  const pieces = whole.split(/[\s,;:="'`{}]+/).filter((piece) => piece.length >= 8);
  for (const piece of pieces.slice(0, 64)) found.add(piece);
  for (const candidate of [...found]) {
    const decoded = decodeBase64(candidate);
    if (decoded === null) continue;
    found.add(decoded);
    for (const piece of decoded.split(/[\s:]+/).slice(0, 16)) if (piece.length >= 8) found.add(piece);
  }
  return found;
}

/** The printable text behind base64 or base64url, or null. */
function decodeBase64(text: string): string | null {
  if (text.length > 8192 || !/^[A-Za-z0-9+/_-]{12,}={0,2}$/.test(text)) return null;
  try {
    const decoded = atob(text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/'));
    return /^[\x20-\x7e]+$/.test(decoded) ? decoded : null;
  } catch {
    return null;
  }
}

const HUMAN_CLAIMS = ['email', 'preferred_username', 'given_name', 'family_name', 'upn', 'nonce', 'amr', 'auth_time'];

/**
 * Whether a text is a JWT whose claims are a human's session: an id token, or an access token that names who signed in. The
 * signature does not matter here, and a token of a service (its subject is its client) is none.
 */
function isHumanSession(text: string): boolean {
  const parts = text.split('.');
  if (parts.length !== 3 && parts.length !== 5) return false;
  const header = decodeJson(parts[0]);
  if (header === null || !Object.hasOwn(header, 'alg')) return false;
  const claims = decodeJson(parts[1]);
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
