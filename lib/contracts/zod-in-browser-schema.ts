// Client-safe. The engine behind zod-in-browser.ts: how a schema reads a value, and the methods by which contracts say
// more about it. It follows zod to the letter where contracts go; zod-in-browser.test.ts compares the two.

type Issue = {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  /** The value is of the right kind all the same: what else is asked of it can still be asked. */
  readonly mild: boolean;
  readonly origin?: string;
  readonly minimum?: number;
  readonly maximum?: number;
};
export type Said = string | { readonly message?: string; readonly path?: readonly PropertyKey[] };
export type Shape = Readonly<Record<string, Schema>>;
type Names = Readonly<Record<string, true>>;
type Check = (value: unknown, reading: Reading) => unknown;
/** `absent`: what the place of a missing member gets: nothing may stand there (undefined), nothing stands there, a default. */
type About = {
  readonly kind: string;
  readonly absent?: 'skipped' | 'filled' | undefined;
  readonly maySkip?: boolean | undefined;
  readonly shape?: Shape;
  readonly rest?: 'dropped' | 'kept' | 'refused';
  /** The values that it takes, where they can be listed. */
  readonly values?: readonly unknown[] | undefined;
  /** What stands in one member of each of its objects: how a union by that member finds its option. */
  readonly valuesOf?: (member: string) => readonly unknown[];
};
type Outcome =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

/** One reading of one value: where it stands now, and what it found wrong. */
export class Reading {
  readonly issues: Issue[] = [];
  private readonly path: PropertyKey[] = [];

  wrong(issue: Partial<Issue> & { readonly code: string }, said?: Said): void {
    const { message = 'Invalid input', path = [] } = typeof said === 'string' ? { message: said } : (said ?? {});
    this.issues.push({ mild: false, ...issue, message, path: [...this.path, ...path, ...(issue.path ?? [])] });
  }

  at<T>(place: PropertyKey, read: () => T): T {
    this.path.push(place);
    const value = read();
    this.path.pop();
    return value;
  }

  /** Reads apart, as if nothing were wrong so far. */
  apart(schema: Schema, value: unknown): { readonly value: unknown; readonly issues: readonly Issue[] } {
    const before = this.issues.splice(0);
    const read = schema.read(value, this);
    return { value: read, issues: this.issues.splice(0, this.issues.length, ...before) };
  }

  isSpoilt(from: number): boolean {
    for (let n = from; n < this.issues.length; n++) if (this.issues[n]?.mild !== true) return true;
    return false;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Texts are as long as they have code points. */
function sizeOf(value: unknown): { readonly size: number; readonly origin: string } {
  if (typeof value === 'string') return { size: [...value].length, origin: 'string' };
  if (Array.isArray(value)) return { size: value.length, origin: 'array' };
  return { size: Number(value), origin: 'number' };
}

export class Schema {
  readonly about: About;
  private readonly base: Check;
  private readonly checks: readonly Check[];

  constructor(about: About, base: Check, checks: readonly Check[] = []) {
    this.about = about;
    this.base = base;
    this.checks = checks;
  }

  read(value: unknown, reading: Reading): unknown {
    const from = reading.issues.length;
    let read = this.base(value, reading);
    for (const check of this.checks) {
      if (reading.isSpoilt(from)) break;
      read = check(read, reading);
    }
    return read;
  }

  safeParse(value: unknown): Outcome {
    const reading = new Reading();
    const data = this.read(value, reading);
    return reading.issues.length === 0
      ? { success: true, data }
      : { success: false, error: { issues: reading.issues } };
  }

  parse(value: unknown): unknown {
    const outcome = this.safeParse(value);
    if (outcome.success) return outcome.data;
    throw new TypeError(`Not what the contract says: ${JSON.stringify(outcome.error.issues)}`);
  }

  get options(): readonly unknown[] {
    return this.about.values ?? [];
  }
  get shape(): Shape {
    if (this.about.shape === undefined) throw new TypeError('Only objects have members.');
    return this.about.shape;
  }

  private with(check: Check): Schema {
    return new Schema(this.about, this.base, [...this.checks, check]);
  }
  /** Takes what the test holds of; what fails it is of the right kind still. */
  private test(
    holds: (value: unknown) => unknown,
    issue: Omit<Issue, 'message' | 'path' | 'mild'>,
    said?: Said,
  ): Schema {
    return this.with((value, reading) => {
      if (!holds(value)) reading.wrong({ ...issue, mild: true }, said);
      return value;
    });
  }

  optional(): Schema {
    const filled = this.about.absent === 'filled';
    const about: About = { ...this.about, absent: filled ? 'filled' : 'skipped', maySkip: true };
    return new Schema(about, (value, reading) => {
      if (value !== undefined) return this.read(value, reading);
      if (!filled) return undefined;
      const { value: read, issues } = reading.apart(this, value);
      return issues.length === 0 ? read : undefined;
    });
  }
  nullable(): Schema {
    const { values } = this.about;
    const about: About = { ...this.about, values: values === undefined ? undefined : [...values, null] };
    return new Schema(about, (value, reading) => (value === null ? null : this.read(value, reading)));
  }
  default(instead: unknown): Schema {
    return new Schema({ ...this.about, absent: 'filled', maySkip: undefined }, (value, reading) =>
      value === undefined ? instead : (this.read(value, reading) ?? instead),
    );
  }
  readonly(): Schema {
    return new Schema(this.about, (value, reading) => Object.freeze(this.read(value, reading)));
  }
  transform(change: (value: unknown) => unknown): Schema {
    return this.pipe(new Schema({ kind: 'transform', absent: 'skipped' }, change));
  }
  pipe(next: Schema): Schema {
    return new Schema({ ...this.about, maySkip: next.about.maySkip }, (value, reading) => {
      const from = reading.issues.length;
      const read = this.read(value, reading);
      return reading.issues.length > from ? read : next.read(read, reading);
    });
  }

  refine(holds: (value: unknown) => unknown, said?: Said): Schema {
    return this.test(holds, { code: 'custom' }, said);
  }
  min(minimum: number, said?: Said): Schema {
    return this.with((value, reading) => {
      const { size, origin } = sizeOf(value);
      if (!(size >= minimum)) reading.wrong({ code: 'too_small', minimum, origin, mild: true }, said);
      return value;
    });
  }
  max(maximum: number, said?: Said): Schema {
    return this.with((value, reading) => {
      const { size, origin } = sizeOf(value);
      if (!(size <= maximum)) reading.wrong({ code: 'too_big', maximum, origin, mild: true }, said);
      return value;
    });
  }
  length(exactly: number, said?: Said): Schema {
    return this.min(exactly, said).max(exactly, said);
  }
  int(said?: Said): Schema {
    return this.with((value, reading) => {
      if (!Number.isSafeInteger(value)) reading.wrong({ code: 'invalid_type' }, said);
      return value;
    });
  }
  positive(said?: Said): Schema {
    return this.test((value) => Number(value) > 0, { code: 'too_small', minimum: 0, origin: 'number' }, said);
  }
  nonnegative(said?: Said): Schema {
    return this.min(0, said);
  }
  regex(pattern: RegExp, said?: Said): Schema {
    // A pattern with `g` or `y` would begin where it last ended; String.search always begins at the start.
    return this.test((value) => String(value).search(pattern) !== -1, { code: 'invalid_format' }, said);
  }
  startsWith(start: string, said?: Said): Schema {
    return this.test((value) => String(value).startsWith(start), { code: 'invalid_format' }, said);
  }
  includes(part: string, said?: Said): Schema {
    return this.test((value) => String(value).includes(part), { code: 'invalid_format' }, said);
  }
  trim(): Schema {
    return this.with((value) => String(value).trim());
  }
  toLowerCase(): Schema {
    return this.with((value) => String(value).toLowerCase());
  }

  extend(more: Shape): Schema {
    return objectOf({ ...this.shape, ...more }, this.about.rest);
  }
  omit(names: Names): Schema {
    return this.keep((name) => !(name in names));
  }
  pick(names: Names): Schema {
    return this.keep((name) => name in names);
  }
  partial(): Schema {
    const members = Object.entries(this.shape).map(([name, member]) => [name, member.optional()] as const);
    return objectOf(Object.fromEntries(members), this.about.rest);
  }
  loose(): Schema {
    return objectOf(this.shape, 'kept');
  }
  private keep(isKept: (name: string) => boolean): Schema {
    return objectOf(Object.fromEntries(Object.entries(this.shape).filter(([name]) => isKept(name))), this.about.rest);
  }
}

/** An object with these members; what else it has is dropped, kept or refused. */
export function objectOf(shape: Shape, rest: About['rest'] = 'dropped'): Schema {
  const members = Object.entries(shape);
  const valuesOf = (member: string) => shape[member]?.about.values ?? [];
  return new Schema({ kind: 'object', shape, rest, valuesOf }, (value, reading) => {
    if (!isRecord(value)) {
      reading.wrong({ code: 'invalid_type' });
      return value;
    }
    const read: Record<string, unknown> = {};
    for (const [name, member] of members) readMember(value, name, member, read, reading);
    if (rest === 'dropped') return read;
    const others = Object.keys(value).filter((name) => !Object.hasOwn(shape, name));
    // `__proto__` as a name of data must never become the prototype of what is read.
    if (rest === 'kept') for (const name of others) if (name !== '__proto__') read[name] = value[name];
    if (rest === 'refused' && others.length > 0) reading.wrong({ code: 'unrecognized_keys', mild: true });
    return read;
  });
}

function readMember(
  from: Readonly<Record<string, unknown>>,
  name: string,
  member: Schema,
  into: Record<string, unknown>,
  reading: Reading,
): void {
  const { absent, maySkip = false } = member.about;
  const isThere = name in from;
  if (!isThere && absent !== 'filled') {
    if (absent === undefined) reading.at(name, () => reading.wrong({ code: 'invalid_type' }));
    else if (!maySkip) reading.at(name, () => member.read(undefined, reading));
    return;
  }
  const value = reading.at(name, () => member.read(from[name], reading));
  if (value !== undefined || isThere || !maySkip) into[name] = value;
}
