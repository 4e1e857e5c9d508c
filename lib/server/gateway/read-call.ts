// Server-only. Which tool of which server a message asks for, and with what arguments.
import type { JsonObject } from '#lib/core/json/value.ts';
import { isJsonObject, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { splitQualified } from '#lib/core/servers/names.ts';
import { isProtocolMethod, type ProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import type { CallArguments, StepRefusal } from '../calls/attempt.ts';
import { readArguments } from '../calls/read-arguments.ts';

export type AskedCall = {
  readonly server: string;
  readonly tool: string;
  readonly args: CallArguments;
  /** The pending request that this call takes the place of: `_meta["countersign/replaces"]`. */
  readonly replaces?: string;
};

const MOST_NAME_CHARS = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Members of the params that belong to the exchange, not to what is asked. */
const OF_THE_EXCHANGE = new Set(['_meta', 'requestState', 'inputResponses']);

/** Reads tools/call. A method of the protocol is no tool: by that name it would reach the upstream as something else. */
export function readToolCall(server: string | null, params: JsonObject): Result<AskedCall, StepRefusal> {
  const name = ownValue(params, 'name');
  if (typeof name !== 'string' || name.length > MOST_NAME_CHARS) return err({ code: 'unknown-tool' });
  const named = server === null ? splitQualified(name) : { server, tool: name };
  if (named === null || isProtocolMethod(named.tool)) return err({ code: 'unknown-tool' });
  const args = readArguments(ownValue(params, 'arguments'));
  return args.ok ? ok({ ...named, args: args.value, ...replacedBy(params) }) : args;
}

/** Anything but an id names no request; whose it is and whether it waits is judged where the new one is opened. */
function replacedBy(params: JsonObject): { readonly replaces?: string } {
  const meta = ownValue(params, '_meta');
  const id = isJsonObject(meta) ? ownValue(meta, 'countersign/replaces') : undefined;
  return typeof id === 'string' && UUID.test(id) ? { replaces: id } : {};
}

/** Reads another governed method: its params are the arguments. */
export function readMethodCall(
  server: string,
  method: ProtocolMethod,
  params: JsonObject,
): Result<AskedCall, StepRefusal> {
  const asked = Object.entries(params).filter(([member]) => !OF_THE_EXCHANGE.has(member));
  // fromEntries defines own members, whatever their name.
  const args = readArguments(Object.fromEntries(asked));
  return args.ok ? ok({ server, tool: method, args: args.value }) : args;
}
