// Server-only. Whose secret stands in what an agent says: no credential of a server is an argument for another (X01).
import { randomBytes } from 'node:crypto';
import { type Fingerprint, findSecret, fingerprintsOf, indexFingerprints } from '#lib/core/credentials/fingerprints.ts';
import { spellingsOf, withoutPercent } from '#lib/core/credentials/redact.ts';
import type { Database } from '../db/prisma.ts';
import { hmacSha256 } from '../keys/hmac.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { readOAuthSecret } from './material.ts';
import { openSecret } from './vault.ts';

/** Whose it is: the credential, and the server that it was given for. */
export type SecretOwner = { readonly credentialId: string; readonly server: string };

export type KnownSecrets = {
  /** Whose secret stands in the text, in whatever spelling; null for none. */
  find(text: string): SecretOwner | null;
  /** A token that was minted for a credential; forgotten when it ends. */
  minted(owner: SecretOwner, token: string, expiresAtMs: number): void;
  /** Reads the vault again when the configuration has another version than at the last reading; returns at once. */
  at(configVersion: bigint): void;
  /** Reads no more, and waits for a reading that is under way. Close it before the database. */
  close(): Promise<void>;
};

type Row = {
  readonly secret_id: string;
  readonly credential_id: string;
  readonly version: number;
  readonly server_id: string;
  readonly server: string;
  readonly kind: string;
  readonly username: string | null;
  readonly config_hash: string;
  readonly sealed: Uint8Array;
  readonly wrapped: Uint8Array;
};
type Known = { readonly owner: SecretOwner; readonly fingerprints: readonly Fingerprint[] };

/**
 * Reads every secret of the vault once and keeps its fingerprints; the secrets themselves do not stay in memory. A secret that
 * does not open here opens for no call either. A reading that fails leaves the last one and is tried again at the next call.
 */
export async function createKnownSecrets(deps: {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'wrapper'>;
  readonly log: Log;
  readonly now: () => number;
}): Promise<KnownSecrets> {
  const { prisma, keys, log, now } = deps;
  const key = randomBytes(32);
  const markOf = (spelling: string) => hmacSha256(key, spelling, 'hex');
  const markAll = (texts: readonly string[]) => fingerprintsOf(spellingsOf(texts), markOf);
  let stored = new Map<string, Known>();
  const mintedTokens = new Map<string, Known & { readonly untilMs: number }>();
  let index = indexFingerprints<SecretOwner>([]);
  let readVersion: bigint | null = null;
  let reading: Promise<void> | null = null;
  let closed = false;

  const indexAgain = () => {
    for (const [id, { untilMs }] of mintedTokens) if (untilMs <= now()) mintedTokens.delete(id);
    const all = [...stored.values(), ...mintedTokens.values()];
    index = indexFingerprints(all.map(({ fingerprints, owner }) => [fingerprints, owner] as const));
  };

  async function read(): Promise<void> {
    const rows = await prisma.$queryRaw<Row[]>`
      SELECT s.id::text AS secret_id, c.id::text AS credential_id, s.version, c.server_id::text AS server_id,
        servers.name AS server, c.kind, c.config->>'username' AS username, c.config_hash, s.sealed, w.wrapped
      FROM credential_secrets s
      JOIN credentials c ON c.id = s.credential_id
      JOIN servers ON servers.id = c.server_id
      JOIN credential_wraps w ON w.secret_id = s.id AND w.key_id = ${keys.wrapper.id}
      WHERE s.sealed IS NOT NULL AND c.retired_at IS NULL`;
    const next = new Map<string, Known>();
    for (const row of rows) {
      const known = stored.get(row.secret_id) ?? (await open(row));
      if (known !== null) next.set(row.secret_id, known);
    }
    stored = next;
    indexAgain();
  }

  async function open(row: Row): Promise<Known | null> {
    const place = {
      secretId: row.secret_id,
      credentialId: row.credential_id,
      version: row.version,
      serverId: row.server_id,
      configHash: row.config_hash,
    };
    try {
      const secret = await openSecret(keys.wrapper, place, { sealed: row.sealed, wrapped: row.wrapped });
      const owner = { credentialId: row.credential_id, server: row.server };
      return { owner, fingerprints: markAll(partsOf(row, secret)) };
    } catch {
      // Changed or moved: no call gets it, and the cause could only tell what kind of damage it is.
      log.warn({ credential: row.credential_id }, 'a stored secret does not open, so nothing can be compared with it');
      return null;
    }
  }

  await read();
  return {
    find: (text) => {
      const found = findSecret(text, index, markOf);
      return found === null && text.includes('%') ? findSecret(withoutPercent(text), index, markOf) : found;
    },
    minted: (owner, token, expiresAtMs) => {
      mintedTokens.set(`${owner.credentialId} ${expiresAtMs}`, {
        owner,
        fingerprints: markAll([token]),
        untilMs: expiresAtMs,
      });
      indexAgain();
    },
    at: (configVersion) => {
      if (closed || reading !== null || configVersion === readVersion) return;
      reading = read().then(
        () => {
          readVersion = configVersion;
          reading = null;
        },
        (error: unknown) => {
          reading = null;
          log.error({ err: error }, 'the vault could not be read, so calls are compared with what it held before');
        },
      );
    },
    close: async () => {
      closed = true;
      await reading;
    },
  };
}

/** What of a stored secret is secret by itself. */
function partsOf({ kind, username }: Row, secret: string): readonly string[] {
  switch (kind) {
    case 'basic':
      return [secret, Buffer.from(`${username ?? ''}:${secret}`).toString('base64')];
    case 'oauth-client-credentials':
    case 'token-exchange': {
      const { clientSecret, key } = readOAuthSecret(secret);
      return [clientSecret, key?.d].filter((part) => part !== undefined);
    }
    case 'client-certificate':
      // Whole lines of the key: somebody who sends it on may wrap it in other words.
      return secret.split('\n').filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
    default:
      return [secret];
  }
}
