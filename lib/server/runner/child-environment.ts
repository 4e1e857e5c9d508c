// Server-only. What a stdio server finds in its environment: nothing of ours.
import { isSteeringVariable } from '#lib/core/credentials/variable-names.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

/**
 * The whole environment of a child: the host's PATH, language and time zone, a home of its own, the egress proxy, and its
 * server's credential.
 *
 * Refuses a credential under a name that steers programs: whoever may write a credential in the console could otherwise
 * have any code loaded (NODE_OPTIONS, LD_PRELOAD), and so start programs of their choice.
 */
export function childEnvironment(parts: {
  readonly base: Readonly<Record<string, string>>;
  readonly home: string;
  readonly tmp: string;
  readonly proxyUrl: string | null;
  readonly credential: Readonly<Record<string, string>>;
}): Result<Record<string, string>, { readonly name: string }> {
  const { base, home, tmp, proxyUrl, credential } = parts;
  const name = Object.keys(credential).find(isSteeringVariable);
  if (name !== undefined) return err({ name });
  const proxy = proxyUrl === null ? {} : proxyVariables(proxyUrl);
  return ok({ ...credential, ...base, HOME: home, TMPDIR: tmp, ...proxy });
}

/** Both spellings: curl reads only the small one of HTTP_PROXY, Java-like clients only the large ones. */
function proxyVariables(proxyUrl: string): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  const both = names.flatMap((name) => [name, name.toLowerCase()]);
  return { ...Object.fromEntries(both.map((name) => [name, proxyUrl])), NODE_USE_ENV_PROXY: '1' };
}

/** The same credential of the proxy at another place; the caller never decides where a child's traffic goes. */
export function proxyAt(proxyUrl: string, origin: string): string | null {
  if (!URL.canParse(proxyUrl)) return null;
  const given = new URL(proxyUrl);
  const url = new URL(origin);
  url.username = given.username;
  url.password = given.password;
  return url.href;
}
