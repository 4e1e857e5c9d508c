// Server-only. Under which name browsers know our passkeys.
import { isIP } from 'node:net';
import { err, ok, type Result } from '#lib/core/result.ts';

/** `id` is what a passkey is bound to for ever; an assertion counts only from a page of `origin`. */
export type RelyingParty = { readonly id: string; readonly origin: string };

/**
 * The relying party of this console, from its public URL.
 *
 * Browsers know no passkeys for an IP address, and none without TLS on another host than localhost (WebAuthn, "secure
 * contexts" and "RP ID"). A loopback address stands for localhost, to which the console answers as well. The refusal is a
 * sentence that says what to do.
 */
export function relyingParty(consoleUrl: string): Result<RelyingParty, { readonly sentence: string }> {
  const url = new URL(consoleUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isLoopback(host)) url.hostname = 'localhost';
  else if (isIP(host) !== 0) {
    return err({
      sentence: 'Browsers know no passkeys for an IP address: set CONSOLE_URL to a host name with TLS, and open that.',
    });
  }
  if (url.protocol !== 'https:' && !isLocalhost(url.hostname)) {
    return err({ sentence: 'Browsers know passkeys over TLS only: serve the console by https and set CONSOLE_URL.' });
  }
  return ok({ id: url.hostname, origin: url.origin });
}

/**
 * The relying party, if the page that asks is one of its pages. `host` is the Host header, which names where the browser
 * is: on http://127.0.0.1:3000 no passkey works, on http://localhost:3000 they do.
 */
export function relyingPartyAt(
  consoleUrl: string,
  host: string | null,
): Result<RelyingParty, { readonly sentence: string }> {
  const party = relyingParty(consoleUrl);
  if (!party.ok || host === new URL(party.value.origin).host) return party;
  return err({ sentence: `Passkeys work at ${party.value.origin} only: open the console there.` });
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}
