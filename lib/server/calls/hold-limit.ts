// Server-only. How long each kind of client can be kept waiting (waiting.md, "Mechanism per client").
import type { HoldProfile } from '#lib/core/identity/principals.ts';

const SECOND = 1000;
const MARGIN_MS = 5 * SECOND;
/** Codex counts its tool timeout from before it has sent the call. */
const CODEX_MARGIN_MS = 10 * SECOND;
/** OpenClaw's watchdog aborts a run at 900 s, whatever timeout its operator declared. */
const OPENCLAW_LIMIT_MS = 840 * SECOND;

/**
 * Milliseconds for which a call of this client may be held; infinite means until the request itself ends.
 *
 * The operator's declared timeout wins over the profile, less a margin so that our answer arrives before the client
 * gives up. An SDK client that sent a progress token is kept alive by progress; one that did not is assumed to give up
 * at 60 s.
 */
export function holdLimitMs(client: {
  readonly profile: HoldProfile;
  readonly requestTimeoutMs: number | null;
  readonly hasProgressToken: boolean;
}): number {
  const marginMs = client.profile === 'codex' ? CODEX_MARGIN_MS : MARGIN_MS;
  const declared = client.requestTimeoutMs === null ? null : Math.max(0, client.requestTimeoutMs - marginMs);
  switch (client.profile) {
    case 'openclaw':
      return Math.min(declared ?? 55 * SECOND, OPENCLAW_LIMIT_MS);
    case 'claude-code':
      return declared ?? Number.POSITIVE_INFINITY;
    case 'codex':
      return declared ?? 290 * SECOND;
    case 'gemini':
      return declared ?? 590 * SECOND;
    case 'cursor':
    case 'sdk':
      return declared ?? (client.hasProgressToken ? Number.POSITIVE_INFINITY : 50 * SECOND);
  }
}
