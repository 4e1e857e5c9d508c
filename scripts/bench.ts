// `npm run bench`: every benchmark in turn; with names, only those. From the first option on, everything goes to them.
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { heading, run } from './stages.ts';

/** Shortest first, so that a broken set-up shows early. */
const ORDER = ['policy', 'start', 'approval', 'console', 'kill', 'holds', 'gateway', 'audit'];

const asked = process.argv.slice(2);
const first = asked.findIndex((word) => word.startsWith('-'));
const names = first === -1 ? asked : asked.slice(0, first);
const options = first === -1 ? [] : asked.slice(first);
const known = globSync('bench/*.ts').map((path) => basename(path, '.ts'));
const unknown = names.filter((name) => !ORDER.includes(name) || !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}: choose from ${ORDER.join(', ')}.\n`);
  process.exit(2);
}
let failed = 0;
for (const name of ORDER.filter((one) => names.length === 0 || names.includes(one))) {
  heading(name);
  // One after the other, each in a process of its own: two at once would measure each other.
  if (!(await run(process.execPath, [join('bench', `${name}.ts`), ...options]))) failed++;
}
process.stdout.write(failed === 0 ? '\nSee bench/results/latest.md.\n' : `\n${failed} benchmark(s) failed.\n`);
process.exitCode = failed === 0 ? 0 : 1;
