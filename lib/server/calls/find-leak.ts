// Server-only. A call that holds a credential of the vault ends before any step, and the credential goes no further (X01, X09).
import { REDACTED } from '#lib/core/credentials/redact.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { KnownSecrets, SecretOwner } from '../credentials/known-secrets.ts';
import type { CallAttempt } from './attempt.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

/**
 * Whose secret the call holds, and the call without it: what the log, the answer and every table are written from.
 *
 * Looks at all that the agent chose: arguments, names, session, reason, on whose behalf. A text that holds a secret is taken
 * out whole; the arguments stay, because a refused call's arguments are stored nowhere.
 */
export function withoutSecrets(
  known: Pick<KnownSecrets, 'find'> | null,
  attempt: CallAttempt,
): { readonly leak: SecretOwner | null; readonly attempt: CallAttempt } {
  if (known === null) return { leak: null, attempt };
  let leak = known.find(attempt.args.canonical);
  const clean = <T extends string | undefined>(text: T): T | typeof REDACTED => {
    const owner = text === undefined ? null : known.find(text);
    if (owner === null) return text;
    leak ??= owner;
    return REDACTED;
  };
  const cleaned = {
    ...attempt,
    server: clean(attempt.server),
    tool: clean(attempt.tool),
    session: clean(attempt.session),
    transportSession: clean(attempt.transportSession),
    onBehalfOf: clean(attempt.onBehalfOf),
    reason: clean(attempt.reason),
  };
  return leak === null ? { leak, attempt } : { leak, attempt: cleaned };
}

/** Says in the log whose credential is out; the refusal itself is the next row. */
export function recordLeak(
  parts: Pick<DoorParts, 'audit' | 'keys' | 'log'>,
  facts: CallFacts,
  leak: SecretOwner,
): void {
  const event = agentEvent('credential.leaked', facts, {
    decision: 'deny',
    code: 'credential-in-call',
    detail: { credential: leak.credentialId, of: leak.server },
  });
  parts.log.warn({ callId: facts.callId, credential: leak.credentialId }, 'a call held a credential and was stopped');
  parts.audit.appendLater(buildInboxRow(event, parts.keys));
}
