// Next-only. From an answer of a route to the log.
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { recordRefusal } from '#lib/server/auth/record-refusal.ts';
import type { WebDeps } from './deps.ts';

type Asked = {
  readonly deps: WebDeps;
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
};

/**
 * Tells the log when a person's request was answered 403 `not-allowed` or 404. The answer waits for it either way; a log that
 * cannot be written does not turn a refusal into something else, and the process's own log says so.
 */
export async function tellRefusal(asked: Asked, principal: HumanPrincipal, code: string | null): Promise<void> {
  if (code !== 'not-allowed' && code !== 'not-found') return;
  const { deps, method, params, requestId } = asked;
  const id = idSchema.safeParse(params.id);
  const route = routeOf(asked.url, params);
  try {
    await recordRefusal(deps, principal, { method, route, code, id: id.success ? id.data : null });
  } catch (error) {
    deps.log.error({ requestId, err: error }, 'A refusal could not be told to the log');
  }
}

/** The path with its parameters in braces; what stood there is the client's own text. */
function routeOf(url: string, params: Readonly<Record<string, string>>): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [value, name]));
  return new URL(url).pathname
    .split('/')
    .map((part) => {
      const name = names.get(decoded(part));
      return name === undefined ? part : `{${name}}`;
    })
    .join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
