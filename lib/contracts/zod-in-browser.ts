// Client-safe. What stands for `zod` in the browser's bundle (next.config.js): the same engine through its small door,
// with the chained methods our contracts use. The whole library is 32 KB of every page's first download, most of it
// methods that no contract calls. A contract that calls another one fails zod-in-browser.test.ts, before any browser.
import * as mini from 'zod/mini';

type Schema = mini.ZodMiniType;
type Shape = Readonly<Record<string, Schema>>;
type Names = Readonly<Record<string, true>>;
type Said = string | { readonly message?: string; readonly path?: PropertyKey[] };

function objectOf(schema: Schema): mini.ZodMiniObject {
  if (schema instanceof mini.ZodMiniObject) return schema;
  throw new TypeError('Only objects have members.');
}

/** The methods by which contracts say more about a schema; each gives back a schema that has them too. */
const METHODS = {
  optional(this: Schema) {
    return chain(mini.optional(this));
  },
  nullable(this: Schema) {
    return chain(mini.nullable(this));
  },
  readonly(this: Schema) {
    return chain(mini.readonly(this));
  },
  default(this: Schema, value: unknown) {
    return chain(mini._default(this, value));
  },
  transform(this: Schema, change: (value: unknown) => unknown) {
    return chain(mini.pipe(this, mini.transform(change)));
  },
  pipe(this: Schema, next: Schema) {
    return chain(mini.pipe(this, next));
  },
  refine(this: Schema, holds: (value: unknown) => unknown, said?: Said) {
    return chain(this.check(mini.refine(holds, said)));
  },
  min(this: Schema, least: number, said?: Said) {
    return chain(this.check(isNumber(this) ? mini.gte(least, said) : mini.minLength(least, said)));
  },
  max(this: Schema, most: number, said?: Said) {
    return chain(this.check(isNumber(this) ? mini.lte(most, said) : mini.maxLength(most, said)));
  },
  length(this: Schema, exactly: number, said?: Said) {
    return chain(this.check(mini.length(exactly, said)));
  },
  int(this: Schema, said?: Said) {
    return chain(this.check(mini.int(said)));
  },
  positive(this: Schema, said?: Said) {
    return chain(this.check(mini.gt(0, said)));
  },
  nonnegative(this: Schema, said?: Said) {
    return chain(this.check(mini.gte(0, said)));
  },
  regex(this: Schema, pattern: RegExp, said?: Said) {
    return chain(this.check(mini.regex(pattern, said)));
  },
  startsWith(this: Schema, start: string, said?: Said) {
    return chain(this.check(mini.startsWith(start, said)));
  },
  includes(this: Schema, part: string, said?: Said) {
    return chain(this.check(mini.includes(part, said)));
  },
  trim(this: Schema) {
    return chain(this.check(mini.trim()));
  },
  toLowerCase(this: Schema) {
    return chain(this.check(mini.toLowerCase()));
  },
  extend(this: Schema, more: Shape) {
    return chain(mini.extend(objectOf(this), more));
  },
  omit(this: Schema, names: Names) {
    return chain(mini.omit(objectOf(this), names));
  },
  pick(this: Schema, names: Names) {
    return chain(mini.pick(objectOf(this), names));
  },
  partial(this: Schema) {
    return chain(mini.partial(objectOf(this)));
  },
  loose(this: Schema) {
    return chain(mini.catchall(objectOf(this), mini.unknown()));
  },
};

function isNumber(schema: Schema): boolean {
  return schema.def.type === 'number';
}

function chain(schema: Schema): Schema {
  return Object.assign(schema, METHODS);
}

/** The makers that contracts use, under the names they use. */
export const z = {
  config: mini.config,
  string: (said?: Said) => chain(mini.string(said)),
  number: (said?: Said) => chain(mini.number(said)),
  boolean: (said?: Said) => chain(mini.boolean(said)),
  null: () => chain(mini.null()),
  unknown: () => chain(mini.unknown()),
  json: () => chain(mini.json()),
  url: (said?: Said) => chain(mini.url(said)),
  email: (said?: Said) => chain(mini.email(said)),
  uuid: (said?: Said) => chain(mini.uuid(said)),
  iso: { datetime: (of?: Parameters<typeof mini.iso.datetime>[0]) => chain(mini.iso.datetime(of)) },
  coerce: { number: (said?: Said) => chain(mini.coerce.number(said)) },
  literal: (value: Parameters<typeof mini.literal>[0]) => chain(mini.literal(value)),
  enum: (values: readonly string[]) => chain(mini.enum([...values])),
  array: (item: Schema) => chain(mini.array(item)),
  tuple: (items: readonly [Schema, ...Schema[]]) => chain(mini.tuple([...items])),
  record: (key: mini.ZodMiniString, value: Schema) => chain(mini.record(key, value)),
  object: (shape: Shape) => chain(mini.object(shape)),
  strictObject: (shape: Shape) => chain(mini.strictObject(shape)),
  looseObject: (shape: Shape) => chain(mini.looseObject(shape)),
  union: (options: readonly Schema[]) => chain(mini.union(options)),
  discriminatedUnion: (by: string, options: Parameters<typeof mini.discriminatedUnion>[1]) =>
    chain(mini.discriminatedUnion(by, options)),
  lazy: (schema: () => Schema) => chain(mini.lazy(schema)),
};
