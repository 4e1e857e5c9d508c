import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { credentialConfigSchema, credentialCreateSchema } from '#lib/contracts/credentials.ts';
import { childEnvironment } from './child-environment.ts';

const create = (variable: string) =>
  credentialCreateSchema.safeParse({
    name: 'one',
    server: 'local',
    config: { kind: 'env', variable },
    secret: 'not-a-real-secret',
    reason: 'set by the test',
  }).success;
const fromFile = (variable: string) => credentialConfigSchema.safeParse({ kind: 'env', variable }).success;
const starts = (variable: string) =>
  childEnvironment({ base: {}, home: '/h', tmp: '/t', proxyUrl: null, credential: { [variable]: 'x' } }).ok;

const STEERING =
  `NODE_OPTIONS LD_PRELOAD DYLD_INSERT_LIBRARIES HTTPS_PROXY NO_PROXY DOTNET_STARTUP_HOOKS CORECLR_PROFILER_PATH
  CORECLR_ENABLE_PROFILING GLIBC_TUNABLES CLASSPATH MAVEN_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS ELECTRON_RUN_AS_NODE LUA_INIT
  LUA_PATH PHPRC PHP_INI_SCAN_DIR RUSTC_WRAPPER HOSTALIASES RES_OPTIONS RESOLV_HOST_CONF DOCKER_HOST XDG_CONFIG_HOME PYTHONPATH
  PERL5LIB RUBYOPT BASH_ENV ENV PATH HOME TMPDIR GIT_SSH_COMMAND SSH_AUTH_SOCK PIP_INDEX_URL CURL_CA_BUNDLE SSL_CERT_FILE
  LESSOPEN PAGER EDITOR MALLOC_CONF LOCPATH NLSPATH GOFLAGS DENO_DIR ZDOTDIR PROMPT_COMMAND AWS_CONFIG_FILE KUBECONFIG R_PROFILE
  TCLLIBPATH ERL_FLAGS VIRTUAL_ENV BROWSER VSCODE_INSPECTOR_OPTIONS UV_PUBLISH_TOKEN NPM_TOKEN GEM_API_KEY GIT_TOKEN`.split(
    /\s+/,
  );
const PLAIN = ['TICKETS_TOKEN', 'GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'DB_PASSWORD', 'ACME_PAT', 'A_CREDENTIALS'];

test('a variable that steers programs is taken by no door and starts nothing', () => {
  for (const name of STEERING) {
    assert.deepEqual([name, create(name), fromFile(name), starts(name)], [name, false, false, false]);
    assert.equal(starts(name.toLowerCase()), false, name);
  }
});

test('a name as secrets are called is taken by every door, and starts', () => {
  for (const name of PLAIN)
    assert.deepEqual([name, create(name), fromFile(name), starts(name)], [name, true, true, true]);
});

test('any other name is the host’s to give, not a browser’s', () => {
  for (const name of ['SENTRY_DSN', 'DATABASE_URL', 'TOKEN', 'MONKEY']) {
    assert.deepEqual([name, create(name), fromFile(name), starts(name)], [name, false, true, true]);
  }
  for (const name of ['tickets_token', 'TICKETS_TOKEN ', 'BASH_FUNC_X%%', '_TOKEN', '1_TOKEN']) {
    assert.deepEqual([name, create(name), fromFile(name)], [name, false, false]);
  }
});

test('whatever is accepted can be started', () => {
  const parts = fc.constantFrom(
    'NODE',
    'ACME',
    'LD',
    'GIT',
    'HTTPS',
    'PROXY',
    'API',
    'TOKEN',
    'KEY',
    'PASS',
    'PAT',
    'GO',
    'X',
  );
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), (some) => {
      const name = some.join('_');
      if (create(name)) assert.ok(fromFile(name), name);
      if (fromFile(name)) assert.ok(starts(name), name);
    }),
    { numRuns: 1_000 },
  );
});
