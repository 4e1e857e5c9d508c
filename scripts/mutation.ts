// `npm run test:mutation [-- <room> …]`: does a test fail when lib/core is changed? Room by room, each by its own tests.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { conclude, heading, run } from './stages.ts';

const CORE = 'lib/core';
const REPORTS = '.stryker';
/** Thousands of processes load the same modules: kept compiled, a quarter of the time is saved. */
const COMPILED = join(REPORTS, 'compiled');
const GOAL_PERCENT = 85;
/** A large room takes an hour on two cores. */
const LIMIT_MS = 3 * 60 * 60_000;

const REPORT = z.object({
  files: z.record(z.string(), z.object({ mutants: z.array(z.object({ status: z.string() })) })),
});
type Score = { readonly room: string; readonly mutants: number; readonly found: number; readonly percent: number };

/** Reads what Stryker found out about a room; mutants that do not compile or were ignored by name are left out. */
function readScore(room: string): Score {
  const report = REPORT.parse(JSON.parse(readFileSync(join(REPORTS, `${room}.json`), 'utf8')));
  const statuses = Object.values(report.files).flatMap((file) => file.mutants.map((mutant) => mutant.status));
  const found = statuses.filter((status) => status === 'Killed' || status === 'Timeout').length;
  const missed = statuses.filter((status) => status === 'Survived' || status === 'NoCoverage').length;
  const mutants = found + missed;
  return { room, mutants, found, percent: mutants === 0 ? 100 : (100 * found) / mutants };
}

function line({ room, mutants, found, percent }: Score): string {
  return `| ${room} | ${mutants} | ${found} | ${percent.toFixed(1)} |`;
}

function total(scores: readonly Score[]): Score {
  const mutants = scores.reduce((sum, score) => sum + score.mutants, 0);
  const found = scores.reduce((sum, score) => sum + score.found, 0);
  return { room: '**all**', mutants, found, percent: mutants === 0 ? 0 : (100 * found) / mutants };
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
const scores: Score[] = [];
for (const room of asked.length > 0 ? asked : rooms) {
  heading(`${CORE}/${room}`);
  const ran = await run(
    join('node_modules', '.bin', 'stryker'),
    ['run'],
    { CS_MUTATE_ROOM: room, NODE_COMPILE_CACHE: COMPILED },
    LIMIT_MS,
  );
  if (ran) scores.push(readScore(room));
}
const table = ['| room | mutants | found | % |', '|---|--:|--:|--:|', ...scores.map(line), line(total(scores))];
process.stdout.write(`\n${table.join('\n')}\n`);
writeFileSync(join(REPORTS, 'latest.md'), `${table.join('\n')}\n`);
const passed = scores.filter((score) => score.percent >= GOAL_PERCENT).length;
conclude({ passed, failed: (asked.length > 0 ? asked : rooms).length - passed }, since);
