import { type Sha256Hex, sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';

/** Everything an approval is bound to. `session` is the declared session id or `agent:<id>`; `nonce` belongs to the request. */
export type DigestInputs = {
  readonly agent: string;
  readonly onBehalfOf: string | null;
  readonly session: string;
  readonly server: string;
  readonly serverConfigHash: string;
  readonly tool: string;
  readonly toolDigest: string;
  readonly argsHash: string;
  readonly nonce: string;
};

const DOMAIN = 'countersign/call/v1\n';

/**
 * The digest a vote carries: hex SHA-256("countersign/call/v1\n" + JCS of the inputs).
 *
 * Changing any input changes the digest, so an approval of one call is worthless for another. The members are picked one
 * by one: a caller's extra property must not enter the hash.
 */
export function callDigest(inputs: DigestInputs, hash: Sha256Hex = sha256Hex): string {
  const { agent, onBehalfOf, session, server, serverConfigHash, tool, toolDigest, argsHash, nonce } = inputs;
  // In the order of the canonical text, which spares the sorting.
  const text = canonicalJson({
    agent,
    argsHash,
    nonce,
    onBehalfOf,
    server,
    serverConfigHash,
    session,
    tool,
    toolDigest,
  });
  return hash(DOMAIN + text);
}

/** Hex SHA-256 of the canonical arguments. Assumes the text came from `canonicalJson`. */
export function argsHash(canonicalArgs: string, hash: Sha256Hex = sha256Hex): string {
  return hash(canonicalArgs);
}
