// Mutation testing of one room of lib/core: `npm run test:mutation -- <room> …`. The room's own tests must find the mutants.
const room = process.env.CS_MUTATE_ROOM ?? '*';

export default {
  // Runs the tests in a warm process and, for each mutant, only those that reach it: a process per test file and mutant
  // took ten times as long.
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'tests/mutation/vitest.config.mjs', related: false },
  mutate: [`lib/core/${room}/**/*.ts`, `!lib/core/${room}/**/*.test.ts`],
  ignorePatterns: [
    '/app',
    '/bench',
    '/cli',
    '/components',
    '/data*',
    '/deploy',
    '/docs',
    '/e2e',
    '/integrations',
    '/public',
    '/server',
    '/test-results',
  ],
  coverageAnalysis: 'perTest',
  reporters: ['json'],
  jsonReporter: { fileName: `.stryker/${room}.json` },
  concurrency: 2,
  // A mutant that never ends counts as found, so a slow machine must not make one: far above what any test takes.
  timeoutMS: 15_000,
  disableTypeChecks: true,
  tempDirName: '.stryker/tmp',
  allowConsoleColors: false,
};
