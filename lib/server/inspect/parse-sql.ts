// Server-only. SQL as statements, by the grammars of two databases that must agree.
import mysql from 'node-sql-parser/build/mysql.js';
import postgres from 'node-sql-parser/build/postgresql.js';
import type { SqlStatement } from '#lib/core/inspect/judge-sql.ts';
import { readTwoWays } from './read-one-way.ts';

const DIALECTS = [new postgres.Parser(), new mysql.Parser()];
const MOST_STATEMENTS = 200;
const MOST_NODES = 20_000;

let isPractised = false;

/**
 * Lets the grammars read something before their time is taken: their first reading takes many times as long as every later
 * one, and would pass for a text that nobody can inspect.
 */
export function practiseSql(): void {
  if (isPractised) return;
  isPractised = true;
  for (const dialect of DIALECTS)
    readBy(dialect, "SELECT a, max(b) FROM t JOIN u ON t.a = u.a WHERE c = 1; DELETE FROM t WHERE d IN ('x')");
}

export type SqlReading =
  | { readonly statements: readonly SqlStatement[]; readonly why: null }
  | { readonly statements: readonly SqlStatement[]; readonly why: string };

/**
 * Reads SQL. What no grammar understands, and what two understand differently, cannot be inspected: a text that is a
 * harmless SELECT to one database and a DELETE to another is somebody's trick.
 */
export function parseSql(source: string): SqlReading {
  // MySQL runs what stands in such a comment; every other reader skips it.
  if (/\/\*(!|M!)/.test(source)) return { statements: [], why: 'it has a comment that some databases run' };
  const twoWays = readTwoWays(source);
  const readings = DIALECTS.flatMap((dialect) => readBy(dialect, source));
  const [first, ...others] = readings;
  if (first === undefined) return { statements: [], why: 'it does not parse as SQL' };
  if (first.length === 0) return { statements: [], why: 'it has no statement' };
  if (first.length > MOST_STATEMENTS) {
    return { statements: first.slice(0, MOST_STATEMENTS), why: 'it has more statements than are read' };
  }
  if (others.some((other) => outline(other) !== outline(first))) {
    return { statements: first, why: 'databases read it differently' };
  }
  if (twoWays !== null) return { statements: first, why: twoWays };
  return { statements: first, why: null };
}

function readBy(dialect: (typeof DIALECTS)[number], source: string): readonly (readonly SqlStatement[])[] {
  try {
    const ast: unknown = dialect.parse(source).ast;
    const roots = (Array.isArray(ast) ? ast : [ast]).filter(isNode);
    return [roots.flatMap((root) => statementsOf(root))];
  } catch (error) {
    // The grammar's own refusal is an answer; being stopped for taking too long is not its to give.
    if (
      error instanceof Error &&
      (error.name === 'SyntaxError' || error instanceof TypeError || error instanceof RangeError)
    )
      return [];
    if (error instanceof Error && 'code' in error) throw error;
    return [];
  }
}

type Node = { readonly [name: string]: unknown };
const STATEMENTS = new Set([
  'select',
  'insert',
  'replace',
  'update',
  'delete',
  'drop',
  'truncate',
  'alter',
  'create',
  'grant',
  'revoke',
  'call',
]);

/** A root with the statements hidden in it: a DELETE in a WITH runs like any other. */
function statementsOf(root: Node): readonly SqlStatement[] {
  const nested: Node[] = [];
  const functions = new Set<string>();
  const tables = new Set<string>();
  let budget = MOST_NODES;
  const visit = (value: unknown, isRoot: boolean): void => {
    if (typeof value !== 'object' || value === null || budget-- <= 0) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, false);
      return;
    }
    const node: Node = Object.fromEntries(Object.entries(value));
    const type = typeof node.type === 'string' ? node.type.toLowerCase() : '';
    if (!isRoot && STATEMENTS.has(type) && type !== 'select') nested.push(node);
    if (type === 'function' || type === 'aggr_func') functions.add(nameOf(node.name));
    if (typeof node.table === 'string' && type !== 'column_ref') {
      tables.add(typeof node.db === 'string' ? `${node.db}.${node.table}` : node.table);
    }
    for (const inner of Object.values(node)) visit(inner, false);
  };
  visit(root, true);
  return [root, ...nested].map((node) => ({
    kind: kindOf(node),
    tables: [...tables].slice(0, 20),
    where: whereOf(node),
    functions: [...functions].slice(0, 50),
    into: hasInto(node),
  }));
}

function kindOf(node: Node): string {
  const type = typeof node.type === 'string' ? node.type : 'statement';
  const what = typeof node.keyword === 'string' && /^(drop|create|alter)$/.test(type) ? ` ${node.keyword}` : '';
  return `${type}${what}`.toUpperCase().slice(0, 40);
}

function whereOf(node: Node): SqlStatement['where'] {
  if (!isNode(node.where)) return 'none';
  return isConstant(node.where) ? 'always' : 'limited';
}

/** A condition over no column is the same for every row. */
function isConstant(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isConstant);
  const node: Node = Object.fromEntries(Object.entries(value));
  const type = typeof node.type === 'string' ? node.type : '';
  if (/^(column_ref|select|function|aggr_func|param|var|exists)$/.test(type)) return false;
  if (type === 'binary_expr' && node.operator === 'OR') return isConstant(node.left) || isConstant(node.right);
  // `id = id` holds for every row that has one.
  if (type === 'binary_expr' && node.operator === '=' && isSame(node.left, node.right)) return true;
  return Object.values(node).every(isConstant);
}

function isSame(left: unknown, right: unknown): boolean {
  return isNode(left) && left.type === 'column_ref' && JSON.stringify(left) === JSON.stringify(right);
}

function hasInto(node: Node): boolean {
  const into = isNode(node.into) ? node.into : null;
  return (
    into !== null &&
    (into.keyword !== undefined || into.expr !== undefined || into.type !== undefined) &&
    into.position !== null
  );
}

function nameOf(name: unknown): string {
  if (typeof name === 'string') return name;
  if (!isNode(name) || !Array.isArray(name.name)) return '';
  return name.name.map((part: unknown) => (isNode(part) && typeof part.value === 'string' ? part.value : '')).join('.');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What two readings must agree on. */
function outline(statements: readonly SqlStatement[]): string {
  return JSON.stringify(statements.map((one) => [one.kind.split(' ')[0], one.where, one.into, [...one.tables].sort()]));
}
