// The import rules of the house, as errors. scripts/check-architecture.ts runs them and asserts how many modules were seen.
/** Folders of components that carry no feature: every feature may use them. */
const SHARED_COMPONENTS = 'ui|shell|safe-text|args|charts|providers|grant-form|sessions|connect|shortcuts|observe-form';
const TESTS = '(^tests/|^e2e/|^bench/|^scripts/|\\.test\\.tsx?$)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that cannot be resolved is one that no rule sees. Next itself provides server-only.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^server-only$' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          TESTS,
          '\\.d\\.ts$',
          '(^|/)[^/]+\\.config\\.(js|ts|mjs|cjs)$',
          '^app/.*(page|layout|route|error|not-found|loading|global-error|icon|manifest|robots|template)\\.tsx?$',
          '^server/[^/]+\\.ts$',
          '^cli/',
          '^lib/server/generated/',
          '^\\.dependency-cruiser\\.cjs$',
        ],
      },
      to: {},
    },
    {
      name: 'no-grab-bags',
      comment: 'A folder is a noun of the product, a file says what it does.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(utils?|helpers?|misc|common|managers?)(/|\\.tsx?$)', pathNot: 'node_modules' },
    },
    {
      name: 'source-never-imports-tests',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: '^(tests|e2e|bench|scripts)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'No IO, clock, random, env or framework: everything that a verdict depends on is an argument.',
      severity: 'error',
      from: { path: '^lib/core/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^lib/core/', '^node_modules/(canonicalize|ipaddr\\.js|@noble/hashes|@bufbuild/(cel|re2))/'] },
    },
    {
      name: 'contracts-know-core-and-zod',
      severity: 'error',
      from: { path: '^lib/contracts/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^lib/(contracts|core)/', '^node_modules/zod/'] },
    },
    {
      name: 'server-knows-no-framework',
      severity: 'error',
      from: { path: '^lib/server/' },
      to: {
        path: [
          '^(app|components|server|cli|integrations)/',
          '^lib/(web|client)/',
          '^node_modules/(next|react|react-dom|socket\\.io|socket\\.io-client|server-only)/',
        ],
      },
    },
    {
      name: 'web-knows-server-contracts-core-next',
      severity: 'error',
      from: { path: '^lib/web/' },
      to: { path: ['^(app|components|server|cli|integrations)/', '^lib/client/'] },
    },
    {
      name: 'only-app-imports-web',
      severity: 'error',
      from: { pathNot: ['^app/', '^lib/web/', TESTS] },
      to: { path: '^lib/web/' },
    },
    {
      name: 'client-knows-contracts-and-core',
      severity: 'error',
      from: { path: '^lib/client/', pathNot: '\\.test\\.ts$' },
      to: {
        path: [
          '^(app|components|server|cli|integrations)/',
          '^lib/(server|web)/',
          '^node:',
          '^node_modules/(@prisma|pg|next-auth)/',
        ],
      },
    },
    {
      name: 'client-uses-no-node-builtins',
      severity: 'error',
      from: { path: '^(lib/client|components)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'components-know-client-contracts-core',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: ['^(app|server|cli|integrations)/', '^lib/(server|web)/', '^node_modules/(@prisma|pg)/'] },
    },
    {
      name: 'features-do-not-know-each-other',
      severity: 'error',
      from: { path: '^components/([^/]+)/' },
      to: { path: '^components/', pathNot: [`^components/($1|${SHARED_COMPONENTS})/`] },
    },
    {
      name: 'primitives-know-no-product',
      severity: 'error',
      from: { path: '^components/ui/' },
      to: { path: ['^components/', '^lib/contracts/'], pathNot: '^components/ui/' },
    },
    {
      name: 'app-is-thin',
      severity: 'error',
      from: { path: '^app/' },
      to: {
        path: ['^(server|cli|integrations)/', '^lib/client/', '^lib/server/generated/', '^node_modules/(@prisma|pg)/'],
      },
    },
    {
      name: 'routes-know-web-and-server',
      severity: 'error',
      from: { path: '^app/.*/route\\.ts$' },
      to: { path: ['^components/', '^lib/client/'] },
    },
    {
      name: 'processes-and-commands-know-server-core-contracts',
      severity: 'error',
      from: { path: '^(server|cli)/' },
      to: { path: ['^(app|components)/', '^lib/(web|client)/'] },
    },
    {
      name: 'processes-do-not-know-commands',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^cli/' },
    },
    {
      name: 'commands-do-not-know-processes',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^server/' },
    },
    {
      name: 'verifier-stands-alone',
      comment: 'A stranger runs it without our server code.',
      severity: 'error',
      from: { path: '^cli/verify/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: ['^cli/verify/', '^lib/core/', '^node_modules/(canonicalize|@noble/hashes)/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'only-the-server-room-knows-prisma',
      severity: 'error',
      from: { pathNot: ['^lib/server/', '^prisma\\.config\\.ts$', TESTS] },
      to: { path: ['^lib/server/generated/', '^node_modules/(@prisma|prisma)/'] },
    },
    {
      name: 'next-auth-stays-home',
      severity: 'error',
      from: { pathNot: ['^lib/server/auth/', '^lib/web/', '^app/api/auth/'] },
      to: { path: '^node_modules/next-auth/' },
    },
    {
      name: 'env-in-one-place',
      comment: 'The packages that read .env files for you read them past env.ts.',
      severity: 'error',
      from: {},
      to: { path: '^node_modules/(dotenv|@next/env)/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^lib/server/generated/'] },
    exclude: { path: ['^\\.next/', '^integrations/', '^docs/', '^public/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
