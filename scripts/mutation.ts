// `npm run test:mutation [-- <room> …]`: does a test fail when lib/core is changed? Room by room, each by its own tests.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { conclude, heading, run } from './stages.ts';

const CORE = 'lib/core';
const REPORTS = '.stryker';
const PAGE = 'docs/mutation.md';
const GOAL_PERCENT = 85;
/** The largest room takes about twenty minutes on two quiet cores. */
const LIMIT_MS = 2 * 60 * 60_000;

const REPORT = z.object({
  files: z.record(z.string(), z.object({ mutants: z.array(z.object({ status: z.string() })) })),
});
/** `endless` of those found were found by never ending; mutants that do not compile are in none of the counts. */
type Score = { readonly of: string; readonly mutants: number; readonly found: number; readonly endless: number };

function countStatuses(of: string, statuses: readonly string[]): Score {
  const count = (...wanted: readonly string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const found = count('Killed', 'Timeout');
  return { of, mutants: found + count('Survived', 'NoCoverage'), found, endless: count('Timeout') };
}

/** What Stryker found out about a room, file by file. */
function readScores(room: string): readonly Score[] {
  const report = REPORT.parse(JSON.parse(readFileSync(reportOf(room), 'utf8')));
  return Object.entries(report.files).map(([path, { mutants }]) =>
    countStatuses(
      path,
      mutants.map(({ status }) => status),
    ),
  );
}

function percent({ mutants, found }: Score): number {
  return mutants === 0 ? 100 : (100 * found) / mutants;
}

function sum(of: string, scores: readonly Score[]): Score {
  const add = (pick: (score: Score) => number) => scores.reduce((total, score) => total + pick(score), 0);
  return { of, mutants: add((s) => s.mutants), found: add((s) => s.found), endless: add((s) => s.endless) };
}

function table(scores: readonly Score[]): string {
  const rows = scores.map(
    (score) => `| ${score.of} | ${score.mutants} | ${score.found} | ${score.endless} | ${percent(score).toFixed(1)} |`,
  );
  return ['| | mutants | found | of these endless | % |', '|---|--:|--:|--:|--:|', ...rows].join('\n');
}

const reportOf = (room: string) => join(REPORTS, `${room}.json`);

/** The page for readers: every room by its last measurement, and below it the files that have most left to find. */
function page(names: readonly string[]): string {
  const files = names.flatMap(readScores);
  const rooms = names.map((room) => sum(room, readScores(room)));
  const days = names.map((room) => statSync(reportOf(room)).mtime.toISOString().slice(0, 10)).sort();
  const measured = days[0] === days.at(-1) ? days[0] : `between ${days[0]} and ${days.at(-1)}`;
  const weak = files.filter((file) => percent(file) < GOAL_PERCENT).sort((a, b) => percent(a) - percent(b));
  return `# Mutation testing

Does a test fail when the code that decides is changed? [Stryker](https://stryker-mutator.io) changes \`lib/core\` in one
place at a time (a condition turned round, a string emptied, a call left out) and runs the unit tests of the same room
that reach the place (for \`inspect\` also those beside its parsers). A change that no test notices is one that somebody
could make by mistake. The goal is ${GOAL_PERCENT} % of all changes. Tests on PostgreSQL and in the browser do not count.

Measured ${measured}, with whole properties and Stryker's \`perTest\` coverage. \`npm run test:mutation\` measures
everything again and writes this page; \`npm run test:mutation -- <room> …\` does so for single rooms.

${table([...rooms, sum('**all**', rooms)])}

"Endless" changes were noticed because the tests did not end any more. Not counted are changes that cannot be loaded.

## Files below ${GOAL_PERCENT} %

${weak.length === 0 ? 'None.' : table(weak)}

What is left in a file is often a change that makes no difference to anybody: a shortcut that only saves time, a
second check of what was checked before, the words of a thrown error that only a bug can reach.
`;
}

const since = performance.now();
const rooms = readdirSync(CORE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((room) => readdirSync(join(CORE, room)).some((file) => file.endsWith('.test.ts')));
const asked = process.argv.slice(2);
const unknown = asked.filter((room) => !rooms.includes(room));
if (unknown.length > 0) {
  process.stderr.write(`There is no room ${unknown.join(', ')}: choose from ${rooms.join(', ')}.\n`);
  process.exit(2);
}
mkdirSync(REPORTS, { recursive: true });
const measured = asked.length > 0 ? asked : rooms;
const scores: Score[] = [];
for (const room of measured) {
  heading(`${CORE}/${room}`);
  const ran = await run(join('node_modules', '.bin', 'stryker'), ['run'], { CS_MUTATE_ROOM: room }, LIMIT_MS);
  if (ran) scores.push(sum(room, readScores(room)));
}
process.stdout.write(`\n${table([...scores, sum('**all**', scores)])}\n`);
if (rooms.every((room) => existsSync(reportOf(room)))) writeFileSync(PAGE, page(rooms));
const passed = scores.filter((score) => percent(score) >= GOAL_PERCENT).length;
conclude({ passed, failed: measured.length - passed }, since);
