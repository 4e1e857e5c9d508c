// Client-safe rules: which variable of a child a credential may be. The one list, for whoever takes a name and for whoever
// starts the child, so that what was accepted can be started.

/**
 * Variables that decide which code a program loads, what it runs, whom it trusts or where it sends things. Whoever could
 * write one in the console could have programs of their choice started, or read what a server says.
 */
const STEERING = new RegExp(
  `^(?:${[
    // Where and as whom it runs, and its shell.
    'PATH|HOME|TMPDIR|TMP|TEMP|TEMPDIR|PWD|OLDPWD|CDPATH|USER|LOGNAME|SHELL|COMSPEC|IFS|ENV|PS4|ZDOTDIR|PROMPT_COMMAND',
    'BASH.*|SHELLOPTS|PAGER|MANPAGER|EDITOR|VISUAL|BROWSER|LESS.*|TERM.*|XDG_.*|DBUS_.*|DISPLAY|INPUTRC',
    // The loader and the C library, which also finds hosts.
    'LD_.*|DYLD_.*|GLIBC_.*|MALLOC_.*|LOCPATH|NLSPATH|GCONV_PATH|HOSTALIASES|RES_OPTIONS|RESOLV_.*|LOCALDOMAIN',
    // Languages and what installs packages for them.
    'NODE_.*|NPM_.*|YARN_.*|PNPM_.*|BUN_.*|DENO_.*|ELECTRON_.*|VSCODE_.*|PYTHON.*|PIP_.*|UV_.*|VIRTUAL_ENV|CONDA_.*',
    'PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|LUA_.*|PHPRC|PHP_.*|R_.*|TCL.*|ERL_.*|GO[A-Z0-9]*|RUSTC_.*|RUSTUP_.*|CARGO_.*',
    '_?JAVA_.*|JDK_.*|JRE_.*|CLASSPATH|MAVEN_.*|GRADLE_.*|DOTNET_.*|CORECLR_.*|COR_.*|COMPLUS_.*|PSMODULEPATH',
    // Whom it trusts, where it sends, and the files that say so.
    '.*_PROXY|.*_CA_BUNDLE|.*_ENDPOINT_URL.*|.*_CONFIG_FILE|.*_CREDENTIALS_FILE|SSL.*|OPENSSL_.*|CURL_.*|GIT_.*|SSH_.*',
    'DOCKER_.*|KUBECONFIG|COUNTERSIGN_.*',
  ].join('|')})$`,
  'i',
);

const SHAPE = /^[A-Z][A-Z0-9_]{0,63}$/;
const NAMES_A_SECRET = /_(?:TOKEN|KEY|SECRET|PASSWORD|PASS|PAT|CREDENTIALS)$/;

/** Whether a variable steers programs, in whatever case. No credential may have such a name, whoever asks. */
export function isSteeringVariable(name: string): boolean {
  return STEERING.test(name);
}

/** Whether the host's own file may name a variable so: any plain upper-case name that steers nothing. */
export function isUsableVariable(name: string): boolean {
  return SHAPE.test(name) && !isSteeringVariable(name);
}

/**
 * Whether a name may come from a browser: one that ends as secrets are called (`…_TOKEN`). No list of what steers is ever
 * complete, and programs take no orders from variables with such names.
 */
export function isSecretVariable(name: string): boolean {
  return isUsableVariable(name) && NAMES_A_SECRET.test(name);
}
