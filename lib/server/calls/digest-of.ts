// Server-only.
import { callDigest } from '#lib/core/calls/digest.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { CallArguments, Target } from './attempt.ts';
import { nativeSha256Hex } from './native-hash.ts';

/** The digest of a call as the registry knows it now; `nonce` is the request's, or the call's id where nobody is asked. */
export function digestOf(call: {
  readonly principal: AgentPrincipal;
  readonly target: Target;
  readonly args: CallArguments;
  readonly sessionKey: string;
  readonly onBehalfOf: string | null;
  readonly nonce: string;
}): string {
  const { principal, target, args, sessionKey, onBehalfOf, nonce } = call;
  return callDigest(
    {
      agent: principal.name,
      onBehalfOf,
      session: sessionKey,
      server: target.server.name,
      serverConfigHash: target.server.configHash,
      tool: target.tool.name,
      toolDigest: target.tool.digest,
      argsHash: args.hash,
      nonce,
    },
    nativeSha256Hex,
  );
}
