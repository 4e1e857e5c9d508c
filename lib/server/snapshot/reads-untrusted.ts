// Server-only.
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import type { ActionClass } from '#lib/core/risk/types.ts';

/** Classes whose answers say that something was done; what strangers wrote does not come back through them. */
const WRITES: ReadonlySet<ActionClass> = new Set([
  'file-write',
  'db-mutation',
  'message-send',
  'deploy',
  'infra',
  'iam',
  'billing',
  'money',
]);

/**
 * Whether a tool's results taint the session that reads them: by its class, or because its accepted definition says that
 * it reaches an open world and it does more than write. The hint can only add taint; its absence takes none away.
 */
export function readsUntrusted(definition: JsonObject, actionClass: ActionClass): boolean {
  if (actionClass === 'browse' || actionClass === 'docs-search') return true;
  const annotations = ownValue(definition, 'annotations');
  if (annotations === undefined || !isJsonObject(annotations)) return false;
  return ownValue(annotations, 'openWorldHint') === true && !WRITES.has(actionClass);
}
