// The import rules, by dependency-cruiser. Run from the command line or by scripts/check.ts.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const ROOMS = ['app', 'components', 'lib', 'server', 'cli', 'scripts', 'bench', 'tests', 'e2e'];
/**
 * Fewer modules than this were never in this repository: with a compiler that the tool cannot load it sees none,
 * finds no violation, and would pass.
 */
const FEWEST_MODULES = 250;

const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const result = await cruise(
  ROOMS.filter((room) => existsSync(room)),
  { ...rules.options, validate: true, ruleSet: { forbidden: rules.forbidden } },
  rules.options.enhancedResolveOptions,
  { tsConfig: extractTsConfig('tsconfig.json') },
);
if (typeof result.output === 'string') {
  throw new Error('dependency-cruiser gave a report instead of a result.');
}
const { summary, modules }: ICruiseResult = result.output;
for (const violation of summary.violations) {
  const way = violation.cycle === undefined ? '' : ` (${violation.cycle.map((step) => step.name).join(' → ')})`;
  process.stdout.write(`${violation.rule.name}: ${violation.from} → ${violation.to}${way}\n`);
}
const own = modules.filter((module) => ROOMS.some((room) => module.source.startsWith(`${room}/`))).length;
process.stdout.write(`${own} modules seen, ${summary.error} violation(s).\n`);
if (own < FEWEST_MODULES) {
  process.stdout.write(`Fewer than ${FEWEST_MODULES} modules: the tool did not see the sources.\n`);
}

/** Holds code for somebody else's program, as text. */
const SHOWS_ENVIRONMENT = ['components/connect/connect-snippets.ts'];

/** A variable read elsewhere is missing from the schema, from .env.example and from the operator's page. */
const environmentReaders = modules
  .map((module) => module.source)
  .filter((source) => /^(app|components|lib|server|cli)\//.test(source) && source !== 'lib/server/env.ts')
  .filter((source) => !source.startsWith('lib/server/generated/') && !source.endsWith('.test.ts'))
  .filter((source) => !SHOWS_ENVIRONMENT.includes(source))
  .filter((source) => /\.(ts|tsx)$/.test(source) && /\bprocess\.env\b/.test(readFileSync(source, 'utf8')));
for (const source of environmentReaders) {
  process.stdout.write(`${source} reads process.env: only lib/server/env.ts does.\n`);
}
process.exitCode = summary.error > 0 || own < FEWEST_MODULES || environmentReaders.length > 0 ? 1 : 0;
