// What every answer of the console tells the browser to refuse.
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** A nonce for the scripts of one page: a script that an attacker smuggles into the markup does not know it. */
export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The policy of a page.
 * No address outside this origin can be fetched, framed, posted to or painted, so attacker text that reaches the markup
 * has no way to send anything out (T30, T31). Inline styles stay allowed: the dialog primitives set them at run time,
 * and with images, fonts and connections bound to this origin a style can leak nothing.
 * Trusted Types leave only Next's own loaders able to turn a text into a script: the default policy, made in
 * instrumentation-client.ts, lets nothing but addresses of the build's own chunks through.
 * `host` has passed the allowlist. The development server evaluates code and injects more, hence its exceptions.
 */
export function pagePolicy(input: { readonly nonce: string; readonly host: string; readonly dev: boolean }): string {
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${input.nonce}' 'strict-dynamic'${input.dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${input.host} wss://${input.host}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(input.dev ? [] : ["require-trusted-types-for 'script'", 'trusted-types default nextjs nextjs#bundler']),
  ];
  return directives.join('; ');
}

/** The policy of an answer that is data: shown as a document it may do nothing at all. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Sets the headers that do not depend on the request. */
export function setFixedHeaders(response: ServerResponse, options: { readonly tls: boolean }): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  // Set-up links carry their token in the page's address: it must not travel on as a referrer.
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader(
    'permissions-policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()',
  );
  if (options.tls) response.setHeader('strict-transport-security', 'max-age=31536000');
}
