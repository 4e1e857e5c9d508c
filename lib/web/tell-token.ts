// Next-only. From a request that nobody may make to the log.
import { type MisusePlace, recordTokenMisuse } from '#lib/server/agents/record-misuse.ts';
import type { WebDeps } from './deps.ts';

/** Tells the log where the request carries an agent's token. A log that cannot be written does not change the refusal. */
export async function tellToken(deps: WebDeps, request: Request, place: MisusePlace): Promise<void> {
  try {
    await recordTokenMisuse(deps, request.headers.get('authorization'), place);
  } catch (error) {
    deps.log.error({ err: error }, 'A token out of place could not be told to the log');
  }
}
