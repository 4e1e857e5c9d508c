// Client-safe. What stands for `zod` in the browser's bundle (next.config.js): the makers that contracts use, under the
// names they use. The library itself, even its small edition, is 19 KB of every page's first download; the part that
// contracts need is three. What it means is zod's to say: a contract that calls anything else, or that would mean
// something else here, fails zod-in-browser.test.ts, before any browser.
import { isRecord, objectOf, type Reading, type Said, Schema, type Shape } from './zod-in-browser-schema.ts';

const EMAIL = /^(?!\.)(?!.*\.\.)[\w'+.-]*[\w+-]@([a-z\d][a-z\d-]*\.)+[a-z]{2,}$/i;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
const MOMENT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?Z$/;
/** The two that RFC 9562 names besides. */
const NO_UUID = '00000000-0000-0000-0000-000000000000';
const MAX_UUID = NO_UUID.replaceAll('0', 'f');

function isMoment(text: string): boolean {
  const day = MOMENT.exec(text)?.[1];
  if (day === undefined) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** What is of a kind, or not. */
function ofKind(kind: string, isOf: (value: unknown) => boolean, said?: Said): Schema {
  return new Schema({ kind }, (value, reading) => {
    if (!isOf(value)) reading.wrong({ code: 'invalid_type' }, said);
    return value;
  });
}

function oneOf(values: readonly unknown[], said?: Said): Schema {
  return new Schema({ kind: 'enum', values }, (value, reading) => {
    if (!values.includes(value)) reading.wrong({ code: 'invalid_value' }, said);
    return value;
  });
}

const string = (said?: Said) => ofKind('string', (value) => typeof value === 'string', said);
const number = (said?: Said) => ofKind('number', Number.isFinite, said);

/** A text of a form; what is said says it of both, no text and the wrong one. */
function text(isOf: (value: string) => unknown, said?: Said): Schema {
  return new Schema({ kind: 'string' }, (value, reading) => {
    if (typeof value !== 'string') reading.wrong({ code: 'invalid_type' }, said);
    else if (!isOf(value)) reading.wrong({ code: 'invalid_format', mild: true }, said);
    return value;
  });
}

type UrlSaid = { readonly message?: string; readonly protocol?: RegExp };

/** An address as the browser reads addresses: without what stands around it and the breaks within. */
function url(said?: string | UrlSaid): Schema {
  const protocol = typeof said === 'object' ? said.protocol : undefined;
  return new Schema({ kind: 'string' }, (value, reading) => {
    if (typeof value !== 'string') {
      reading.wrong({ code: 'invalid_type' });
      return value;
    }
    const trimmed = value.trim();
    const parsed = URL.parse(trimmed);
    if (parsed === null || protocol?.test(parsed.protocol.slice(0, -1)) === false) {
      reading.wrong({ code: 'invalid_format', mild: true });
    }
    return parsed === null ? value : trimmed.replaceAll(/[\t\n\r]/g, '');
  });
}

function readItems(
  items: readonly unknown[],
  schemaAt: (n: number) => Schema | undefined,
  reading: Reading,
): unknown[] {
  return items.map((item, n) => reading.at(n, () => schemaAt(n)?.read(item, reading)));
}

function array(item: Schema): Schema {
  return new Schema({ kind: 'array' }, (value, reading) => {
    if (Array.isArray(value)) return readItems(value, () => item, reading);
    reading.wrong({ code: 'invalid_type' });
    return value;
  });
}

function tuple(items: readonly Schema[]): Schema {
  return new Schema({ kind: 'tuple' }, (value, reading) => {
    if (Array.isArray(value) && value.length === items.length) return readItems(value, (n) => items[n], reading);
    reading.wrong({ code: 'invalid_type' });
    return value;
  });
}

/** Every key as the first schema says, every value as the second. Where the keys can be listed, all of them and no other. */
function record(key: Schema, member: Schema): Schema {
  const names = key.about.values?.filter((name) => typeof name === 'string');
  if (names !== undefined) return objectOf(Object.fromEntries(names.map((name) => [name, member])), 'refused');
  return new Schema({ kind: 'record' }, (value, reading) => {
    if (!isRecord(value)) {
      reading.wrong({ code: 'invalid_type' });
      return value;
    }
    const entries = Object.entries(value).filter(([name]) => name !== '__proto__');
    return Object.fromEntries(
      entries.map(([name, one]) => {
        const { value: readName, issues } = reading.apart(key, name);
        if (issues.length > 0) reading.wrong({ code: 'invalid_key', path: [name] });
        return [String(readName), reading.at(name, () => member.read(one, reading))];
      }),
    );
  });
}

/** The first option that takes the value; its own complaints where only one of them came near. */
function union(options: readonly Schema[]): Schema {
  return new Schema({ kind: 'union' }, (value, reading) => {
    const near = [];
    for (const option of options) {
      const outcome = reading.apart(option, value);
      if (outcome.issues.length === 0) return outcome.value;
      if (outcome.issues.every((issue) => issue.mild)) near.push(outcome);
    }
    const [only] = near;
    if (only === undefined || near.length > 1) reading.wrong({ code: 'invalid_union' });
    else reading.issues.push(...only.issues);
    return only?.value ?? value;
  });
}

function discriminatedUnion(by: string, options: readonly Schema[]): Schema {
  const valuesOf = (member: string) => options.flatMap((option) => option.about.valuesOf?.(member) ?? []);
  return new Schema({ kind: 'union', valuesOf }, (value, reading) => {
    if (!isRecord(value)) {
      reading.wrong({ code: 'invalid_type' });
      return value;
    }
    const option = options.find((one) => one.about.valuesOf?.(by).includes(value[by]));
    if (option !== undefined) return option.read(value, reading);
    reading.wrong({ code: 'invalid_union', path: [by] });
    return value;
  });
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isJson);
  return isRecord(value) ? Object.values(value).every(isJson) : Number.isFinite(value);
}

export const z = {
  string,
  number,
  boolean: (said?: Said) => ofKind('boolean', (value) => typeof value === 'boolean', said),
  null: () => oneOf([null]),
  unknown: () => ofKind('unknown', () => true),
  json: () => ofKind('json', isJson),
  url,
  email: (said?: Said) => text((value) => EMAIL.test(value), said),
  uuid: (said?: Said) => text((value) => UUID.test(value) || value === NO_UUID || value === MAX_UUID, said),
  iso: { datetime: () => text(isMoment) },
  coerce: { number: (said?: Said) => new Schema({ kind: 'number' }, Number).pipe(number(said)) },
  literal: (value: unknown) => oneOf(Array.isArray(value) ? value : [value]),
  enum: (values: readonly string[]) => oneOf(values),
  array,
  tuple,
  record,
  object: (shape: Shape) => objectOf(shape),
  strictObject: (shape: Shape) => objectOf(shape, 'refused'),
  looseObject: (shape: Shape) => objectOf(shape, 'kept'),
  union,
  discriminatedUnion,
  lazy: (schema: () => Schema) => new Schema({ kind: 'lazy' }, (value, reading) => schema().read(value, reading)),
};
