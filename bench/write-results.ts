// bench/results/latest.json and its readable twin. Several benchmarks write into one file; each replaces its own figures.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { GOALS, goalOf, meetsGoal } from './fixtures/goals.ts';

const TAKEN = z.object({ commit: z.string(), date: z.string() });
const RESULTS = z.object({
  /** Of the benchmark that wrote last; what each was taken at stands in `taken`, by the prefix of its figures. */
  commit: z.string(),
  date: z.string(),
  taken: z.record(z.string(), TAKEN).default({}),
  node: z.string(),
  machine: z.object({ cores: z.number(), model: z.string() }),
  figures: z.record(z.string(), z.number()),
  raw: z.record(z.string(), z.unknown()),
});
type Results = z.infer<typeof RESULTS>;

const DIRECTORY = join(import.meta.dirname, 'results');
const FILE = join(DIRECTORY, 'latest.json');

/**
 * Merges the figures of one benchmark (all keys that begin with `prefix`) into the results. A figure that could not be
 * measured is left out by the caller, never zero; one measured before and missing now disappears.
 */
export function writeResults(prefix: string, figures: Readonly<Record<string, number>>, raw: unknown): void {
  const before = readResults();
  const kept = Object.entries(before?.figures ?? {}).filter(([key]) => !key.startsWith(prefix));
  const processors = cpus();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString();
  const name = prefix.replace(/\.$/, '');
  const results: Results = {
    commit,
    date,
    taken: { ...before?.taken, [name]: { commit, date } },
    node: process.version,
    machine: { cores: processors.length, model: processors[0]?.model.trim() ?? 'unknown' },
    figures: Object.fromEntries([...kept, ...Object.entries(figures)].sort(([a], [b]) => (a < b ? -1 : 1))),
    raw: { ...before?.raw, [name]: raw },
  };
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(DIRECTORY, 'latest.md'), readable(results));
}

function readResults(): Results | null {
  try {
    return RESULTS.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function readable(results: Results): string {
  const { cores, model } = results.machine;
  const missing = Object.keys(GOALS).filter((key) => results.figures[key] === undefined);
  return [
    '# Benchmark results',
    '',
    `Node ${results.node}, ${cores} cores (${model}).`,
    ...Object.entries(results.taken).map(([name, { commit, date }]) => `\`${name}\` at ${commit}, ${date}.`),
    'Ratios are to a bare Node reverse proxy in the same run; compare figures of one run only.',
    '',
    '| figure | value | goal | |',
    '|---|--:|--:|---|',
    ...Object.entries(results.figures).map(([key, value]) => `| \`${key}\` | ${value} | ${goalCells(key, value)} |`),
    '',
    ...(missing.length === 0 ? [] : [`Not measured: ${missing.map((key) => `\`${key}\``).join(', ')}.`, '']),
    ...callsTable(results.raw.gateway),
  ].join('\n');
}

function goalCells(key: string, value: number): string {
  const goal = goalOf(key);
  const text = goal === undefined ? '' : `${goal.kind === 'at-most' ? '≤' : '≥'} ${goal.value}`;
  const met = meetsGoal(key, value);
  return `${text} | ${met === null ? '' : met ? 'met' : 'missed'}`;
}

const CALLS = z.object({ medians: z.array(z.looseObject({ target: z.string() })) });

/** Every target of the gateway's benchmark: the medians behind the ratios. */
function callsTable(raw: unknown): string[] {
  const read = CALLS.safeParse(raw);
  if (!read.success) return [];
  const columns = ['target', 'calls_per_s', 'p50_ms', 'p95_ms', 'p99_ms', 'cpu_us', 'postgres_us'];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '## Calls through each target',
    '',
    row(columns),
    `|---|${'--:|'.repeat(columns.length - 1)}`,
    ...read.data.medians.map((medians) => row(columns.map((column) => String(medians[column] ?? '')))),
    '',
  ];
}
