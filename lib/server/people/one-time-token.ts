// Server-only. Tokens of set-up, invitation and reset links.
import { createHash, randomBytes } from 'node:crypto';

/** A fresh 256-bit token and the hash that is stored: a stolen database opens no account. */
export function newLinkToken(): { readonly token: string; readonly tokenHash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: linkTokenHash(token) };
}

/** Hex SHA-256; a plain hash is enough for 256 random bits. */
export function linkTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The page that a link opens. The page moves the token into a request body at once; no API URL ever carries it. */
export function linkUrl(consoleUrl: string, token: string): string {
  return `${consoleUrl}/setup?token=${token}`;
}
