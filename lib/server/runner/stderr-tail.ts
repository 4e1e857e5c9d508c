// Server-only. The last of what a child wrote to stderr: kept for an admin who asks, never logged.

export const STDERR_BYTES = 64 * 1024;

const SECRET_SHAPES: readonly RegExp[] = [
  // Whole key blocks, tokens with a known prefix, JWTs, credentials in URLs, and values after a telling name.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|cs[hp]?_|npm_|AKIA|ASIA)[A-Za-z0-9_.-]{8,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /(?<=:\/\/)[^\s/@]{1,1024}@/g,
  /(?<=\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?)(?:bearer |basic )?[^\s"',;]+/gi,
  /(?<=\b[a-z0-9_-]{0,40}(?:secret|token|passwo?r?d|api[_-]?key|private[_-]?key|credential)["']?\s*[:=]\s*["']?)[^\s"',;]{4,}/gi,
];
const HIDDEN = '[removed]';

export type StderrTail = { add(chunk: Buffer): void; text(secrets: readonly string[]): string };

/** Keeps the last 64 KiB. */
export function createStderrTail(): StderrTail {
  let kept = Buffer.alloc(0);
  return {
    add: (chunk) => {
      const all = chunk.length >= STDERR_BYTES ? chunk : Buffer.concat([kept, chunk]);
      kept = Buffer.from(all.subarray(Math.max(0, all.length - STDERR_BYTES)));
    },
    text: (secrets) => redact(kept.toString('utf8'), secrets),
  };
}

/**
 * Takes out what the child was given as a secret, and what looks like one. The text is of whoever wrote the server: a
 * secret that it encodes stays readable to the admin who asks, so only admins are shown it.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.length >= 4) shown = shown.replaceAll(secret, HIDDEN);
  }
  for (const shape of SECRET_SHAPES) shown = shown.replaceAll(shape, HIDDEN);
  return shown;
}
