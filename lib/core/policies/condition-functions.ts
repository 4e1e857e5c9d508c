import {
  type CelFunc,
  type CelInput,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celMethod,
  isCelList,
  isCelMap,
  listType,
  mapType,
  objectType,
} from '@bufbuild/cel';
import type { RE2JS } from '@bufbuild/re2';
import { PRESENT, RANGE, READ_TIME, SEEK, STEP, WEIGH } from './condition-names.ts';
import { dayOfYear, wallTime } from './zoned-time.ts';

/** Units of work that the conditions over one call may spend together; a unit is about a microsecond or less. */
export type Budget = { left: number };
const UNITS = 100_000;
const CHARACTERS_A_UNIT = 256;
const MATCHED_CHARACTERS_A_UNIT = 16;
/** What a text that is no time costs: the error is dearer than the reading. */
const TIME_UNITS = 10;
/** What a zone costs that was not met before, and always: a decision must not depend on what came earlier. */
const ZONE_UNITS = 150;
const CLOCK_UNITS = 5;

/** A fresh budget, enough for loops over some ten thousand elements. */
export function newBudget(): Budget {
  return { left: UNITS };
}

type Run = { readonly budget: Budget; readonly patterns: ReadonlyMap<string, RE2JS> };
/** The evaluation that is running. It is synchronous, and the evaluator hands its functions nothing but their arguments. */
let running: Run | null = null;

/** Evaluates within a budget and with the patterns that were compiled beforehand. */
export function withBudget<T>(budget: Budget, patterns: ReadonlyMap<string, RE2JS>, evaluate: () => T): T {
  const outer = running;
  running = { budget, patterns };
  try {
    return evaluate();
  } finally {
    running = outer;
  }
}

function charge(units: number): void {
  if (running === null) throw new Error('a condition was evaluated without a budget');
  running.budget.left -= units;
  if (running.budget.left < 0) throw new Error('the condition costs too much for these arguments');
}

/** Charges for a value as large as whoever compares, searches or converts it will find it. */
function weigh(value: CelValue): void {
  if (typeof value === 'string') charge(1 + value.length / CHARACTERS_A_UNIT);
  else if (isCelList(value)) for (const element of value) weigh(element);
  else if (isCelMap(value)) for (const element of value.values()) weigh(element);
  charge(1);
}

/** Unicode code points, as CEL counts; the evaluator's own makes an array of them first. */
function countCharacters(text: string): bigint {
  charge(1 + text.length / 64);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0xdc00 || code > 0xdfff) count++;
  }
  return BigInt(count);
}

const { BOOL, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

const TIMESTAMP = objectType('google.protobuf.Timestamp');

/** Milliseconds of the evaluator's own instant, which is a message by this name. */
function instantOf(value: object): number {
  const message = 'message' in value ? value.message : value;
  if (typeof message === 'object' && message !== null && 'seconds' in message && 'nanos' in message) {
    const { seconds, nanos } = message;
    if (typeof seconds === 'bigint' && typeof nanos === 'number')
      return Number(seconds) * 1000 + Math.floor(nanos / 1e6);
  }
  throw new Error('this is no instant');
}

/** What a clock shows, in UTC and in a zone. */
function clockMethods(name: string, read: (wall: Date) => number): CelFunc[] {
  return [
    celMethod(name, TIMESTAMP, [], INT, function () {
      charge(CLOCK_UNITS);
      return BigInt(read(wallTime(instantOf(this))));
    }),
    celMethod(name, TIMESTAMP, [STRING], INT, function (zone) {
      charge(ZONE_UNITS);
      return BigInt(read(wallTime(instantOf(this), zone)));
    }),
  ];
}

const FUNCTIONS: CelFunc[] = [
  celFunc(STEP, [], BOOL, () => {
    charge(1);
    return true;
  }),
  // A loop copies what it walks before its first round, however early it ends.
  celFunc(RANGE, [DYN], DYN, (range): CelInput => {
    charge(isCelList(range) || isCelMap(range) ? 1 + range.size / 16 : 1);
    return range;
  }),
  // What is looked for is held against every element of a list, and found at once in a map.
  celFunc(SEEK, [DYN], DYN, (range): CelInput => {
    charge(isCelList(range) ? 1 + range.size / 4 : 1);
    return range;
  }),
  celFunc(WEIGH, [DYN], DYN, (value): CelInput => {
    weigh(value);
    return value;
  }),
  celFunc(READ_TIME, [DYN], DYN, (value): CelInput => {
    charge(TIME_UNITS);
    weigh(value);
    return value;
  }),
  // The evaluator's own makes a formatter for every instant that it reads in a zone.
  ...clockMethods('getFullYear', (wall) => wall.getUTCFullYear()),
  ...clockMethods('getMonth', (wall) => wall.getUTCMonth()),
  ...clockMethods('getDate', (wall) => wall.getUTCDate()),
  ...clockMethods('getDayOfMonth', (wall) => wall.getUTCDate() - 1),
  ...clockMethods('getDayOfWeek', (wall) => wall.getUTCDay()),
  ...clockMethods('getDayOfYear', dayOfYear),
  ...clockMethods('getHours', (wall) => wall.getUTCHours()),
  ...clockMethods('getMinutes', (wall) => wall.getUTCMinutes()),
  ...clockMethods('getSeconds', (wall) => wall.getUTCSeconds()),
  ...clockMethods('getMilliseconds', (wall) => wall.getUTCMilliseconds()),
  // The evaluator's own makes a list of lists, each element a level deeper: reading it is quadratic and overflows the stack.
  celFunc('_+_', [LIST, LIST], LIST, (a, b) => {
    charge(1 + (a.size + b.size) / 32);
    return [...a, ...b];
  }),
  // The evaluator's own says that a key whose value is null is not there.
  celFunc(PRESENT, [MAP, STRING], BOOL, (map, key) => map.get(key) !== undefined),
  celFunc('@in', [STRING, MAP], BOOL, (key, map) => map.get(key) !== undefined),
  celFunc('size', [STRING], INT, countCharacters),
  celMethod('size', STRING, [], INT, function () {
    return countCharacters(this.toString());
  }),
  celMethod('contains', STRING, [STRING], BOOL, function (sought) {
    // Searching for a long text can cost its length at every place.
    charge(1 + (this.length / CHARACTERS_A_UNIT) * (1 + Math.min(sought.length, this.length) / 64));
    return this.includes(sought);
  }),
  celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    charge(1 + this.length / MATCHED_CHARACTERS_A_UNIT);
    const compiled = running?.patterns.get(pattern);
    if (compiled === undefined) throw new Error('the pattern was not compiled with the condition');
    return compiled.test(this.toString());
  }),
];

/** CEL's standard functions, with those replaced whose cost an agent could drive up. */
export const CONDITION_ENV = celEnv({ funcs: FUNCTIONS });
