// Server-only. Secrets as they are made, and as they are kept.
import { createHash, randomBytes } from 'node:crypto';

/** Hex SHA-256: what is stored of a secret that has 256 random bits (no password hash is needed for those). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A client id: names the agent's credential in logs and lists, is no secret. */
export function newClientId(): string {
  return `agent_${randomBytes(12).toString('base64url')}`;
}

/** A client secret of 256 random bits, shown once. */
export function newClientSecret(): string {
  return `css_${randomBytes(32).toString('base64url')}`;
}

/** A static token of 256 random bits, shown once; `prefix` is what lists show to recognise it. */
export function newStaticToken(): { readonly token: string; readonly prefix: string } {
  const token = `cs_${randomBytes(32).toString('base64url')}`;
  return { token, prefix: token.slice(0, 9) };
}
