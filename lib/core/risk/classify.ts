import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json/value.ts';
import { hasHidden } from '../text/visible.ts';
import { type ActionClass, stricterTier, TIERS, type Tier } from './types.ts';
import {
  CHANGING,
  DESCRIPTION_SIGNALS,
  DESTROYING,
  HARMLESS,
  NAME_SIGNALS,
  PROPERTY_SIGNALS,
  READING,
} from './words.ts';

/** What a tool is taken for until an admin says otherwise. `reasons` are sentences for the admin. */
export type TagSuggestion = {
  readonly tier: Tier;
  readonly actionClass: ActionClass;
  readonly reasons: readonly string[];
};

type Signal = {
  readonly tier: Tier;
  readonly actionClass: ActionClass | null;
  readonly source: Source;
  readonly reason: string;
};
type Source = 'name' | 'schema' | 'description' | 'annotation';
const SOURCES: readonly Source[] = ['name', 'schema', 'description', 'annotation'];
const MAX_SCHEMA_DEPTH = 6;

/**
 * Suggests tier and action class of a newly found tool: the stricter of its server's tier and of everything that its name,
 * schema, description and annotations say.
 *
 * The definition is attacker text, so it can only raise: `readOnlyHint`, a friendly name or a calm description never take
 * anything below the server's tier or below another signal. A tool that says nothing we know is high and `other`.
 */
export function suggestTag(input: { readonly serverTier: Tier; readonly definition: JsonObject }): TagSuggestion {
  const { serverTier, definition } = input;
  const name = textOf(ownValue(definition, 'name'));
  const words = wordsOf(name);
  const signals = [
    ...fromName(name, words),
    ...fromSchema(ownValue(definition, 'inputSchema')),
    ...fromDescription(definition),
    ...fromAnnotations(ownValue(definition, 'annotations')),
  ];
  const actionClass = chooseClass(signals);
  const harmless = signals.some((signal) => signal.actionClass === 'other');
  const reasons = signals.map((signal) => signal.reason);
  if (actionClass === 'other' && !harmless) {
    return {
      tier: 'high',
      actionClass,
      reasons: [...reasons, 'Nothing here says what the tool does, so it counts as high.'],
    };
  }
  const tier = signals.reduce((worst, signal) => stricterTier(worst, signal.tier), serverTier);
  return { tier, actionClass, reasons: [...reasons, `Its server is ${serverTier}; the stricter tier applies.`] };
}

/** The class of the signal with the highest tier; then names before schemas before the rest, then the order of harm. */
function chooseClass(signals: readonly Signal[]): ActionClass {
  let best: (Signal & { readonly actionClass: ActionClass }) | null = null;
  for (const { tier, actionClass, source, reason } of signals) {
    if (actionClass === null) continue;
    const candidate = { tier, actionClass, source, reason };
    if (best === null || outweighs(candidate, best)) best = candidate;
  }
  return best?.actionClass ?? 'other';
}

function outweighs(a: Signal, b: Signal): boolean {
  const tier = TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier);
  return tier !== 0 ? tier > 0 : SOURCES.indexOf(a.source) < SOURCES.indexOf(b.source);
}

function fromName(name: string, words: readonly string[]): readonly Signal[] {
  const destroys = words.find((word) => DESTROYING.has(word));
  const changes = words.find((word) => CHANGING.has(word));
  const reads = words.find((word) => READING.has(word));
  const readsOnly = reads !== undefined && destroys === undefined && changes === undefined;
  const signals: Signal[] = [];
  for (const signal of NAME_SIGNALS) {
    const word = words.find((w) => signal.words.includes(w));
    if (word === undefined) continue;
    const found = classOf(signal.actionClass, readsOnly);
    signals.push({
      tier: readsOnly ? signal.reading : signal.changing,
      actionClass: found,
      source: 'name',
      reason: `Its name has \u201c${word}\u201d: it ${signal.says}.`,
    });
  }
  if (destroys !== undefined) {
    signals.push({
      tier: 'high',
      actionClass: null,
      source: 'name',
      reason: `Its name has \u201c${destroys}\u201d: it takes something away.`,
    });
  } else if (changes !== undefined) {
    signals.push({
      tier: 'medium',
      actionClass: null,
      source: 'name',
      reason: `Its name has \u201c${changes}\u201d: it changes something.`,
    });
  }
  const harmless = words.find((word) => HARMLESS.has(word));
  if (signals.length === 0 && harmless !== undefined) {
    signals.push({
      tier: 'low',
      actionClass: 'other',
      source: 'name',
      reason: `Its name has \u201c${harmless}\u201d: it only answers.`,
    });
  }
  if (hasHidden(name)) {
    signals.push({
      tier: 'high',
      actionClass: null,
      source: 'name',
      reason: 'Its name has characters that cannot be seen.',
    });
  }
  return signals;
}

/** Databases and files have a reading and a changing class; a name that only reads gets the former. */
function classOf(actionClass: ActionClass, readsOnly: boolean): ActionClass {
  if (actionClass === 'db-mutation' || actionClass === 'db-read') return readsOnly ? 'db-read' : 'db-mutation';
  if (actionClass === 'file-write' || actionClass === 'file-read') return readsOnly ? 'file-read' : 'file-write';
  return actionClass;
}

function fromSchema(schema: JsonValue | undefined): readonly Signal[] {
  const names = new Set<string>();
  collectProperties(schema, 0, names);
  const signals: Signal[] = [];
  for (const signal of PROPERTY_SIGNALS) {
    const property = [...names].find((name) => signal.names.test(foldName(name)));
    if (property === undefined) continue;
    signals.push({
      tier: signal.tier,
      actionClass: signal.actionClass,
      source: 'schema',
      reason: `Its input \u201c${property}\u201d ${signal.says}.`,
    });
  }
  return signals;
}

/** Gathers property names through objects, lists and alternatives; the depth bound keeps a hostile schema cheap. */
function collectProperties(schema: JsonValue | undefined, depth: number, names: Set<string>): void {
  if (depth > MAX_SCHEMA_DEPTH) return;
  if (isJsonArray(schema)) {
    for (const item of schema) collectProperties(item, depth + 1, names);
    return;
  }
  if (!isJsonObject(schema)) return;
  const properties = ownValue(schema, 'properties');
  if (isJsonObject(properties)) {
    for (const [name, sub] of Object.entries(properties)) {
      names.add(name);
      collectProperties(sub, depth + 1, names);
    }
  }
  for (const key of [
    'items',
    'anyOf',
    'oneOf',
    'allOf',
    '$defs',
    'definitions',
    'additionalProperties',
    'prefixItems',
  ]) {
    const sub = ownValue(schema, key);
    if ((key === '$defs' || key === 'definitions') && isJsonObject(sub)) {
      for (const definition of Object.values(sub)) collectProperties(definition, depth + 1, names);
    } else {
      collectProperties(sub, depth + 1, names);
    }
  }
}

function fromDescription(definition: JsonObject): readonly Signal[] {
  const text = `${textOf(ownValue(definition, 'title'))}\n${textOf(ownValue(definition, 'description'))}`;
  const signals: Signal[] = DESCRIPTION_SIGNALS.filter(({ pattern }) => pattern.test(text)).map(({ says }) => ({
    tier: 'high',
    actionClass: null,
    source: 'description',
    reason: `Its description ${says}.`,
  }));
  if (hasHidden(JSON.stringify(definition).replaceAll(/\\[nrt]/g, ' '), { multiline: true })) {
    signals.push({
      tier: 'high',
      actionClass: null,
      source: 'description',
      reason: 'Its definition has characters that cannot be seen.',
    });
  }
  return signals;
}

function fromAnnotations(annotations: JsonValue | undefined): readonly Signal[] {
  if (!isJsonObject(annotations)) return [];
  const says = (hint: string, value: boolean) => ownValue(annotations, hint) === value;
  const signals: Signal[] = [];
  const add = (tier: Tier, reason: string) => signals.push({ tier, actionClass: null, source: 'annotation', reason });
  if (says('destructiveHint', true)) add('high', 'Its server says that it destroys (destructiveHint).');
  if (says('openWorldHint', true)) add('medium', 'Its server says that it reaches outside (openWorldHint).');
  if (says('readOnlyHint', false)) add('medium', 'Its server says that it changes things (readOnlyHint is false).');
  return signals;
}

/** `getIssue`, `get-issue`, `get_issue` and `HTTPGet` all give plain lower-case words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
