// `npm test`: everything, ending with `N passed, N failed`. With names of stages: only those.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { buildConsole } from '#server/supervisor/build-console.ts';
import { sharedServerEnvironment } from '#tests/postgres/harness.ts';
import { startTestServer } from '#tests/postgres/server.ts';
import { runChecks } from './check.ts';
import { findBubblewrap } from './find-bubblewrap.ts';
import { findChromium } from './find-chromium.ts';
import { asOne, type Counts, conclude, heading, run, sum } from './stages.ts';

const COUNTS = z.object({ passed: z.number(), failed: z.number(), files: z.array(z.string()) });
const PLAYWRIGHT = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});
/** What failed once and passed when it was run again, alone: named at the end, see ADR 0017. */
const unsteady: string[] = [];
const MOST_UNSTEADY = 3;
const mayTryAgain = (more: number): boolean => unsteady.length + more <= MOST_UNSTEADY;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-run-'));

/** Runs test files with node:test, each in a process of its own. */
async function nodeTests(title: string, globs: readonly string[], more: Record<string, string> = {}): Promise<Counts> {
  heading(title);
  const files = globSync([...globs]);
  if (files.length === 0) {
    process.stdout.write(`No file matches ${globs.join(' ')}.\n`);
    return asOne(false);
  }
  const { files: failed, ...counts } = await nodeRun(title, files, more);
  if (counts.failed === 0 || !mayTryAgain(failed.length)) return counts;
  heading(`${title}: ${failed.length} file(s) once more, alone`);
  const again = await nodeRun(`${title} again`, failed, { ...more, CS_TEST_CONCURRENCY: '1' });
  if (again.failed > 0) return counts;
  unsteady.push(...failed.map((file) => relative(process.cwd(), file)));
  return { passed: counts.passed + counts.failed, failed: 0 };
}

type NodeRun = Counts & { readonly files: readonly string[] };

async function nodeRun(title: string, files: readonly string[], more: Record<string, string>): Promise<NodeRun> {
  const report = join(scratch, `${title.replaceAll(/\W/g, '-')}.json`);
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/count-reporter.ts',
    `--test-reporter-destination=${report}`,
  ];
  const limits = [`--test-concurrency=${more.CS_TEST_CONCURRENCY ?? 2}`, '--test-timeout=300000'];
  const passed = await run(
    process.execPath,
    ['--import', './tests/preload.ts', '--test', ...limits, ...reporters, ...files],
    more,
  );
  const counts = readCounts(report, COUNTS, (read) => read, passed);
  return { files: [], ...counts };
}

/** A run that failed without a failed test (it crashed, it counted nothing) counts as one failure. */
function readCounts<T, C extends Counts>(
  path: string,
  shape: z.ZodType<T>,
  pick: (value: T) => C,
  passed: boolean,
): C | Counts {
  try {
    const counts = pick(shape.parse(JSON.parse(readFileSync(path, 'utf8'))));
    return passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } catch {
    return asOne(false);
  }
}

async function onPostgres(title: string, globs: readonly string[]): Promise<Counts> {
  const server = await startTestServer();
  try {
    return await nodeTests(title, globs, sharedServerEnvironment(server));
  } finally {
    await server.stop();
  }
}

async function build(): Promise<Counts> {
  heading('production build');
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const built = await buildConsole(process.cwd(), say, new AbortController().signal);
  say(built.ok ? `The build is ${built.value}.` : built.error.sentence);
  return asOne(built.ok);
}

async function bundle(): Promise<Counts> {
  heading('browser bundle');
  return asOne(await run(process.execPath, ['scripts/scan-bundle.ts']));
}

async function endToEnd(): Promise<Counts> {
  heading('end to end, in Chromium');
  const chromium = await findChromium();
  if (chromium === undefined) {
    process.stdout.write('No Chromium was found and none could be installed: install the package "chromium".\n');
    return asOne(false);
  }
  const report = join(scratch, 'end-to-end.json');
  const playwright = join('node_modules', '.bin', 'playwright');
  const passed = await run(playwright, ['test', '--reporter=list,json'], {
    CS_CHROMIUM: chromium,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return readCounts(
    report,
    PLAYWRIGHT,
    ({ stats }) => {
      if (stats.flaky === 0 || !mayTryAgain(stats.flaky)) {
        return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
      }
      unsteady.push(`${stats.flaky} browser test(s), listed above as flaky`);
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
    },
    passed,
  );
}

/** Stages with tests of the sandbox, which run for real where bubblewrap is to be had. */
async function sandboxed(stage: () => Promise<Counts>): Promise<Counts> {
  heading('sandbox for stdio servers');
  await findBubblewrap();
  return stage();
}

/** In this order: what fails fastest comes first; what needs the build comes after it. */
const STAGES: Readonly<Record<string, () => Promise<Counts>>> = {
  check: runChecks,
  unit: () => sandboxed(() => nodeTests('units', ['{app,components,lib,server,cli,scripts,bench}/**/*.test.ts'])),
  db: () => sandboxed(() => onPostgres('on PostgreSQL', ['tests/db/**/*.test.ts'])),
  conformance: () => onPostgres('official conformance suite', ['tests/conformance/**/*.test.ts']),
  build,
  bundle,
  start: () => nodeTests('real starts', ['tests/{start,web,demo}/**/*.test.ts']),
  chaos: () => nodeTests('kill -9 at each step', ['tests/chaos/**/*.test.ts']),
  e2e: endToEnd,
  agents: () => onPostgres('real clients through a long hold', ['tests/agents/**/*.test.ts']),
};

/** Minutes of waiting: run by name only. */
const BY_NAME_ONLY = ['agents'];

/** The later stages start the production console, so a run of one of them alone builds first. */
const NEEDS_BUILD = ['bundle', 'start', 'chaos', 'e2e'];

const since = performance.now();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STAGES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no stage ${unknown.join(', ')}: choose from ${Object.keys(STAGES).join(', ')}.\n`);
  process.exit(2);
}
const wanted = asked.some((name) => NEEDS_BUILD.includes(name)) ? [...asked, 'build'] : asked;
const counts: Counts[] = [];
try {
  for (const [name, stage] of Object.entries(STAGES)) {
    if (asked.length === 0 ? !BY_NAME_ONLY.includes(name) : wanted.includes(name)) {
      counts.push(await stage());
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (unsteady.length > 0) {
  process.stdout.write(
    `\nUNSTEADY, passed only when run again, each a defect to be mended:\n  ${unsteady.join('\n  ')}\n`,
  );
}
conclude(sum(counts), since);
