// Mutation testing of one room of lib/core: `npm run test:mutation -- <room> …`. The room's own tests must find the mutants.
const room = process.env.CS_MUTATE_ROOM ?? '*';
/** Rooms whose thousands of mutants would each run thousands of samples. */
const LARGE = ['policies'];

export default {
  testRunner: 'tap',
  plugins: ['@stryker-mutator/tap-runner'],
  tap: {
    testFiles: [`lib/core/${room}/**/*.test.ts`],
    // A mutant that never stops collecting must end by itself before it takes the machine's memory.
    nodeArgs: [
      '--max-old-space-size=512',
      '--test-reporter=tap',
      '-r',
      '{{hookFile}}',
      '--import',
      './tests/preload.ts',
      ...(LARGE.includes(room) ? ['--import', './tests/mutation-preload.ts'] : []),
      '{{testFile}}',
    ],
    forceBail: true,
  },
  mutate: [`lib/core/${room}/**/*.ts`, `!lib/core/${room}/**/*.test.ts`],
  ignorePatterns: [
    'app',
    'bench',
    'cli',
    'components',
    'data*',
    'deploy',
    'docs',
    'e2e',
    'integrations',
    'public',
    'server',
    'test-results',
  ],
  coverageAnalysis: 'perTest',
  reporters: ['json'],
  jsonReporter: { fileName: `.stryker/${room}.json` },
  concurrency: 2,
  timeoutMS: 5000,
  disableTypeChecks: true,
  tempDirName: '.stryker/tmp',
  allowConsoleColors: false,
};
