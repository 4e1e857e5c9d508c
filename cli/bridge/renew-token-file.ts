// Keeps a file with a static token fresh, for clients that can only send a fixed header.
import { existsSync } from 'node:fs';
import { backoffMs, pause } from './backoff.ts';
import { type CredentialFiles, readCredentials } from './credentials.ts';
import { writeSecretFile } from './secret-file.ts';
import { requestToken } from './token-endpoint.ts';

export type RenewOptions = CredentialFiles & {
  readonly gatewayUrl: URL;
  readonly audience: string;
  readonly file: string;
  /** Ends after the first token was written or refused. */
  readonly once: boolean;
  readonly say: (sentence: string) => void;
  readonly stop: AbortSignal;
};

const SHORTEST_MS = 10_000;
/** A timer's limit, and far beyond a token's life. */
const LONGEST_MS = 24 * 60 * 60_000;

/**
 * Writes a token that lives at most a day, and a new one when half of its life is over, so that one failed night does not
 * stop an agent. The old one dies by itself. The file is 0600 and replaced in one step.
 */
export async function renewTokenFile(options: RenewOptions): Promise<'done' | 'refused' | 'unreachable'> {
  const { gatewayUrl, audience, file, once, say, stop } = options;
  let wasWritten = existsSync(file);
  for (let failures = 0; !stop.aborted; ) {
    const credentials = readCredentials(options);
    if (!credentials.ok || credentials.value.kind === 'static') {
      say(credentials.ok ? 'A static token cannot renew itself: give the client’s secret or key.' : credentials.error);
      return 'refused';
    }
    const got = await requestToken(gatewayUrl, credentials.value, audience, 'opaque');
    if (!got.ok) {
      say(got.error.sentence);
      if (got.error.kind === 'refused') return 'refused';
      if (once) return 'unreachable';
      await pause(backoffMs(failures++, Math.random()), stop);
      continue;
    }
    if (!got.value.value.startsWith('cs_')) {
      say('The gateway gives no static tokens.');
      return 'refused';
    }
    failures = 0;
    writeSecretFile(file, got.value.value);
    say(`${wasWritten ? 'Renewed' : 'Wrote'} ${file}; good until ${new Date(got.value.expiresAtMs).toISOString()}.`);
    wasWritten = true;
    if (once) return 'done';
    const half = (got.value.expiresAtMs - Date.now()) / 2;
    await pause(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, half)), stop);
  }
  return 'done';
}
