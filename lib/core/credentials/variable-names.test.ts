import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretVariable, isSteeringVariable, isUsableVariable } from './variable-names.ts';

const STEERING =
  'PATH HOME TMPDIR TMP TEMP TEMPDIR PWD OLDPWD CDPATH USER LOGNAME SHELL COMSPEC IFS ENV PS4 ZDOTDIR PROMPT_COMMAND ' +
  'BASH_ENV SHELLOPTS PAGER MANPAGER EDITOR VISUAL BROWSER LESSOPEN TERMINFO XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS ' +
  'DISPLAY INPUTRC LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GLIBC_TUNABLES MALLOC_CHECK_ LOCPATH NLSPATH ' +
  'GCONV_PATH HOSTALIASES RES_OPTIONS RESOLV_HOST_CONF LOCALDOMAIN NODE_OPTIONS NPM_TOKEN YARN_RC PNPM_HOME BUN_INSTALL ' +
  'DENO_DIR ELECTRON_RUN_AS_NODE VSCODE_X PYTHONPATH PIP_INDEX_URL UV_INDEX VIRTUAL_ENV CONDA_PREFIX PERL5LIB RUBYOPT ' +
  'GEM_HOME BUNDLE_GEMFILE LUA_PATH PHPRC PHP_INI_SCAN_DIR R_HOME TCLLIBPATH ERL_FLAGS GOPROXY GOFLAGS RUSTC_WRAPPER ' +
  'RUSTUP_HOME CARGO_HOME _JAVA_OPTIONS JAVA_TOOL_OPTIONS JDK_HOME JRE_HOME CLASSPATH MAVEN_OPTS GRADLE_OPTS ' +
  'DOTNET_STARTUP_HOOKS CORECLR_PROFILER COR_PROFILER COMPLUS_X PSMODULEPATH HTTPS_PROXY NO_PROXY AWS_CA_BUNDLE ' +
  'AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE SSL_CERT_FILE SSLKEYLOGFILE ' +
  'OPENSSL_CONF CURL_HOME GIT_SSH_COMMAND SSH_AUTH_SOCK DOCKER_HOST KUBECONFIG COUNTERSIGN_TOKEN';

for (const name of STEERING.split(' ')) {
  test(`${name} steers programs, in any case, so it is no credential's name`, () => {
    assert.equal(isSteeringVariable(name), true);
    assert.equal(isSteeringVariable(name.toLowerCase()), true);
    assert.equal(isUsableVariable(name), false);
    assert.equal(isSecretVariable(name), false);
  });
}

test('a name that only begins or ends like one of them steers nothing', () => {
  for (const name of ['MY_PATH', 'PATHS', 'HOMES', 'USER_TOKEN', 'X_LD_PRELOAD', 'KUBECONFIGS', 'PROXY_TOKEN']) {
    assert.equal(isSteeringVariable(name), false, name);
    assert.equal(isUsableVariable(name), true, name);
  }
});

test('a usable name is plain, upper-case and not too long', () => {
  for (const name of ['A', 'A1_B', `A${'B'.repeat(63)}`]) assert.equal(isUsableVariable(name), true, name);
  for (const name of ['', '1A', '_A', 'a', 'Ab', 'A-B', 'A B', 'A=B', 'A\n', 'É', `A${'B'.repeat(64)}`]) {
    assert.equal(isUsableVariable(name), false, name);
  }
});

test('from a browser only what ends as secrets are called', () => {
  for (const end of ['TOKEN', 'KEY', 'SECRET', 'PASSWORD', 'PASS', 'PAT', 'CREDENTIALS']) {
    assert.equal(isSecretVariable(`API_${end}`), true, end);
    assert.equal(isSecretVariable(`API_${end}_URL`), false, end);
    assert.equal(isSecretVariable(end), false, end);
  }
  assert.equal(isSecretVariable('API_URL'), false);
  assert.equal(isSecretVariable('GIT_TOKEN'), false);
});
