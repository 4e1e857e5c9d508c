import { type Sha256Hex, sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';

/** What makes two calls "the same call again". `session` is null when the agent declared none. */
export type AttachInputs = {
  readonly agent: string;
  readonly session: string | null;
  /** Whom the agent says it acts for: part of what was approved, so a call for somebody else is another call. */
  readonly onBehalfOf: string | null;
  readonly server: string;
  readonly tool: string;
  readonly argsHash: string;
};

const DOMAIN = 'countersign/attach/v1\n';

/** The key by which an identical later call finds its open request: one agent can never attach to another's. */
export function attachKey(inputs: AttachInputs, hash: Sha256Hex = sha256Hex): string {
  const { agent, session, onBehalfOf, server, tool, argsHash } = inputs;
  return hash(DOMAIN + canonicalJson({ agent, session, onBehalfOf, server, tool, argsHash }));
}
