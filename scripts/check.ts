// `npm run check`: format, lint, types, architecture, dead code.
import { join } from 'node:path';
import { asOne, type Counts, conclude, heading, run, sum } from './stages.ts';

const bin = (name: string) => join('node_modules', '.bin', name);

/** Runs the checks that need no build and no database. */
export async function runChecks(): Promise<Counts> {
  const counts: Counts[] = [];
  const check = async (title: string, work: () => Promise<boolean>) => {
    heading(title);
    counts.push(asOne(await work()));
  };
  await check('format and lint', () => run(bin('biome'), ['check', '--error-on-warnings', '.']));
  await check('types', async () => {
    // Writes the types of the routes, which the compiler needs, without a build.
    const typed = await run(bin('next'), ['typegen'], { NEXT_TELEMETRY_DISABLED: '1' });
    return typed && (await run(bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']));
  });
  await check('architecture', () => run(process.execPath, ['scripts/check-architecture.ts']));
  await check('dead code', () => run(bin('knip'), []));
  return sum(counts);
}

if (import.meta.main) {
  const since = performance.now();
  conclude(await runChecks(), since);
}
