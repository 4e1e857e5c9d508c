import type { StepWord } from './shape.ts';

/** One simple command of a script, as a parser gave it. `pipedInto` is the index of the next command of its pipe. */
export type ShellCommand = {
  readonly lead: string;
  readonly words: readonly StepWord[];
  readonly redirects: readonly { readonly operator: string; readonly target: StepWord | null }[];
  readonly pipedInto: number | null;
};

const SHELLS = /^(ba|z|da|k|a|c|tc|fi|mk|rba|ya|ok)?sh$/;
const INTERPRETERS =
  /^(python[\d.]*|node|nodejs|deno|bun|perl|ruby|php|lua|osascript|mongo|mongosh|pwsh|powershell|awk|gawk)$/;
const DOWNLOADERS = /^(curl|wget|fetch|aria2c|http|https)$/;
/** A download that stands where a file or a text would: `bash <(curl …)`, `eval "$(curl …)"`. */
const SUBSTITUTED = /([<$]\(|`)\s*(curl|wget|fetch)\b/;
const SENDERS = /^(nc|ncat|netcat|socat|telnet|scp|sftp|rsync|ftp|tftp)$/;
const WRAPPERS: ReadonlyMap<string, RegExp> = new Map([
  ['sudo', /^-[ugpCTrt]$/],
  ['doas', /^-[uC]$/],
  ['env', /^-[uSC]$/],
  ['nohup', /^$/],
  ['time', /^-[fo]$/],
  ['command', /^$/],
  ['builtin', /^$/],
  ['exec', /^-a$/],
  ['nice', /^-n$/],
  ['ionice', /^-[cn]$/],
  ['setsid', /^$/],
  ['stdbuf', /^-[ioe]$/],
  ['timeout', /^-[ks]$/],
  ['xargs', /^-[aEIdLnPs]$/],
  ['busybox', /^$/],
  ['toybox', /^$/],
]);
/** They run a command that is among their words, or make one run later; where it begins is each program's own matter. */
const RUNNERS =
  /^(alias|trap|mapfile|readarray|chroot|unshare|nsenter|watch|script|parallel|flock|strace|ltrace|gdb|runuser|setpriv|firejail|bwrap|systemd-run|proot|fakeroot|expect|tmux|screen|cmd|cmd\.exe|vim?|nvim|ex|ed|emacs|entr|wsl)$/i;
/** `Remove-Item`: a program of another shell, whose words mean something else. */
const POWERSHELL = /^([A-Z][a-z]+-[A-Z]\w+|iex|iwr|irm|invoke-expression)$/;
/** Options by which programs that read data are given a command. */
const HOOKS =
  /^-oProxyCommand=|ProxyCommand[= ]|^--checkpoint-action=|^--(to-command|use-compress-program|rsh|pre)(=|$)|^(core\.(pager|editor|sshCommand|fsmonitor|hooksPath)|alias\.[\w-]+|diff\.external|credential\.helper|sequence\.editor)=|^\d*e\s+\S/i;
/** `x=1 ls`: set for one command. Never the last word: then it is no command at all. */
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
const SECRETS =
  /(^|\/)(\.ssh(\/|$)|\.aws\/|\.kube\/config|\.env(\.|$)|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.docker\/config\.json|id_(rsa|ed25519|ecdsa)|shadow$)|\.(pem|key|p12|pfx|kdbx)$|\/proc\/[^/]+\/environ|\/var\/run\/secrets/;
const SYSTEM = /^\/(etc|boot|usr|bin|sbin|lib|lib64|dev\/(sd|nvme|vd|xvd|disk|mapper)|sys|proc\/sys)(\/|$|[a-z])/;

/** What one command is once `sudo`, `env` and the like are taken off: its name and the words after it. */
export function programOf(words: readonly StepWord[]): {
  readonly name: string;
  /** The word that names it; it may be computed. */
  readonly word: StepWord | undefined;
  readonly rest: readonly StepWord[];
  readonly wrappers: readonly string[];
} {
  const wrappers: string[] = [];
  let at = 0;
  while (at < words.length - 1 && ASSIGNMENT.test(words[at]?.text ?? '')) at += 1;
  for (;;) {
    const name = baseName(words[at]?.text ?? '');
    const valued = WRAPPERS.get(name);
    if (valued === undefined || words[at]?.computed === true) {
      return { name, word: words[at], rest: words.slice(at + 1), wrappers };
    }
    wrappers.push(name);
    at += 1;
    while (at < words.length) {
      const word = words[at]?.text ?? '';
      const isOption = word.startsWith('-') || (name === 'env' && /^\w+=/.test(word));
      const isTime = name === 'timeout' && /^[\d.]+[smhd]?$/.test(word);
      if (!isOption && !isTime) break;
      at += valued.test(word) ? 2 : 1;
      if (isTime) break;
    }
  }
}

type Facts = {
  readonly name: string;
  readonly args: readonly string[];
  readonly flags: string;
  readonly text: string;
  readonly command: ShellCommand;
};

/** Each line: a harm in our words, and how to tell it. They raise an alarm; their silence promises nothing. */
const HARMS: readonly (readonly [string, (facts: Facts) => boolean])[] = [
  ['deletes files recursively', (f) => f.name === 'rm' && (/r/i.test(f.flags) || f.args.includes('--recursive'))],
  [
    'deletes files',
    (f) => (f.name === 'rm' && !/r/i.test(f.flags)) || /^(unlink|rmdir|truncate)$/.test(f.name) || f.name === 'shred',
  ],
  [
    'deletes or changes every file that find meets',
    (f) => f.name === 'find' && f.args.some((word) => /^-(delete|exec|execdir|ok|okdir|fprint\w*|fls)$/.test(word)),
  ],
  [
    'overwrites a disk or a file system',
    (f) =>
      /^mkfs|^(wipefs|fdisk|parted|sgdisk)$/.test(f.name) ||
      (f.name === 'dd' && f.args.some((w) => w.startsWith('of='))),
  ],
  [
    'opens files to everybody',
    (f) => f.name === 'chmod' && f.args.some((word) => /^0?[0-7]?777$|^a?\+rwx$/.test(word)),
  ],
  ['changes rights or owners recursively', (f) => /^(chmod|chown|chgrp)$/.test(f.name) && /R/.test(f.flags)],
  ['stops or restarts the machine', (f) => /^(shutdown|reboot|halt|poweroff|init)$/.test(f.name)],
  ['ends processes', (f) => /^(kill|pkill|killall)$/.test(f.name)],
  [
    'stops or changes a service',
    (f) => /^(systemctl|service)$/.test(f.name) && /stop|disable|mask|restart/.test(f.text),
  ],
  ['changes what runs on a schedule', (f) => f.name === 'at' || (f.name === 'crontab' && !f.args.includes('-l'))],
  ['changes accounts or passwords', (f) => /^(useradd|userdel|usermod|passwd|chpasswd|visudo|adduser)$/.test(f.name)],
  ['changes the firewall or the network', (f) => /^(iptables|ip6tables|nft|ufw|ifconfig|route)$/.test(f.name)],
  ['rewrites published history', (f) => f.name === 'git' && f.args.includes('push') && hasForce(f)],
  [
    'throws away uncommitted or committed work',
    (f) => f.name === 'git' && (/\breset\b.*--hard/.test(f.text) || (f.args.includes('clean') && /f/.test(f.flags))),
  ],
  [
    'deletes resources of a cluster',
    (f) => /^(kubectl|oc|helm)$/.test(f.name) && f.args.some((word) => /^(delete|drain|uninstall)$/.test(word)),
  ],
  [
    'changes or destroys infrastructure',
    (f) =>
      /^(terraform|tofu|pulumi|cdk)$/.test(f.name) &&
      f.args.some((word) => /^(apply|destroy|down|up|deploy)$/.test(word)),
  ],
  [
    'deletes resources in a cloud',
    (f) =>
      /^(aws|gcloud|az|doctl|s3cmd|gsutil|rclone)$/.test(f.name) &&
      f.args.some((word) => /^(rm|rb|delete|del|purge|terminate)([-_]|$)/.test(word) || word === '--delete'),
  ],
  [
    'deletes containers, images or volumes',
    (f) => /^(docker|podman)$/.test(f.name) && /\b(prune|rm|rmi|kill|down)\b/.test(f.text),
  ],
  [
    'starts a container with rights over the host',
    (f) => /^(docker|podman)$/.test(f.name) && /--privileged|-v\s*\/:|--pid=host|docker\.sock/.test(f.text),
  ],
  [
    'sends data out',
    (f) =>
      SENDERS.test(f.name) ||
      (f.name === 'curl' &&
        f.args.some((w) => /^(-d|-F|-T|--data.*|--form.*|--upload-file|--json)(=|$)|^-[sSkLfvigG]*[dFT]/.test(w))) ||
      (f.name === 'wget' && f.args.some((w) => /^--post-(data|file)/.test(w))),
  ],
  [
    'opens a connection by the shell itself',
    (f) => [f.text, ...targets(f.command)].some((text) => /\/dev\/(tcp|udp)\//.test(text)),
  ],
  ['installs software', (f) => isInstall(f.name, f.args)],
  ['touches keys or secrets', (f) => [f.text, ...targets(f.command)].some(hasSecret)],
  [
    'writes into system files',
    (f) =>
      f.command.redirects.some((r) => r.operator.includes('>') && SYSTEM.test(r.target?.text ?? '')) ||
      (/^(cp|mv|tee|ln|install|truncate|rsync)$/.test(f.name) && f.args.some((word) => SYSTEM.test(word))),
  ],
  [
    'changes which code programs load',
    (f) =>
      /(^|\s)(LD_PRELOAD|LD_LIBRARY_PATH|DYLD_INSERT_LIBRARIES|NODE_OPTIONS|PYTHONSTARTUP|BASH_ENV|PROMPT_COMMAND|PATH)=/.test(
        f.text,
      ),
  ],
  [
    'asks a server to change or delete something',
    (f) =>
      (f.name === 'curl' && /(-X|--request)[ =]?(DELETE|PUT|PATCH|POST)\b/.test(f.text)) ||
      (f.name === 'wget' && /--method[ =](DELETE|PUT|PATCH|POST)\b/.test(f.text)),
  ],
  ['changes data in a database', changesData],
  ['wipes traces', (f) => (f.name === 'history' && /c/.test(f.flags)) || /HISTFILE=|\.bash_history/.test(f.text)],
  ['drops a database', (f) => /^(dropdb|dropuser)$/.test(f.name) || /\bdrop\s+(database|table|schema)\b/i.test(f.text)],
];

/** Every harm that a list of commands would do, in our words, each once. */
export function judgeShell(commands: readonly ShellCommand[]): readonly string[] {
  const found = new Set<string>();
  const made = new Set<string>();
  commands.forEach((command) => {
    const { name, word, rest, wrappers } = programOf(command.words);
    const args = rest.map((word) => word.text);
    const flags = args.filter((word) => /^-[^-]/.test(word)).join('');
    const text = command.words.map((word) => word.text).join(' ');
    if (wrappers.includes('sudo') || wrappers.includes('doas') || name === 'su') found.add('runs as another user');
    for (const [harm, isMet] of HARMS) if (isMet({ name, args, flags, text, command })) found.add(harm);
    if (SUBSTITUTED.test(text) && (SHELLS.test(name) || /^(eval|source|\.)$/.test(name))) {
      found.add('pipes a download into a shell');
    }
    const next = command.pipedInto === null ? undefined : commands[command.pipedInto];
    for (const file of filesMade({ name, args, command })) made.add(file);
    if (runsOneOf(made, name, word?.text ?? '', rest)) found.add('runs a file that it made or fetched itself');
    if (next === undefined) return;
    const into = programOf(next.words);
    const runsIt = SHELLS.test(into.name) || (INTERPRETERS.test(into.name) && !/awk$/.test(into.name));
    if (runsIt && comesFrom(commands, command, DOWNLOADERS)) found.add('pipes a download into a shell');
    else if (runsIt) found.add('pipes a computed text into a shell');
    if (into.wrappers.includes('xargs') && into.name === 'rm') found.add('deletes whatever a list names');
    if (DOWNLOADERS.test(into.name) || SENDERS.test(into.name)) found.add('sends data out');
  });
  return [...found];
}

/** Why a command cannot be judged by its words, if so. `null` = its words say what it does. */
export function opaqueCommand(command: ShellCommand): string | null {
  const { name, word, rest, wrappers } = programOf(command.words);
  if (word?.computed === true) return 'which program runs is computed';
  if (wrappers.includes('env') && command.words.some(({ text }) => SPLIT.test(text)))
    return 'env runs a text as a command';
  if (word === undefined) return null;
  if (RUNNERS.test(name)) return `${name} may run another command`;
  if (POWERSHELL.test(name)) return 'it reads like PowerShell, which is not what was parsed';
  if (rest.some(({ text }) => HOOKS.test(text)) && /^(git|ssh|scp|rsync|tar|sed|rg)$/.test(name)) {
    return `${name} is given a command to run`;
  }
  if (/^(docker|podman|kubectl|oc)$/.test(name) && rest.some(({ text }) => /^(exec|run|debug)$/.test(text))) {
    return `${name} runs a command somewhere else`;
  }
  const operand = rest.find(({ text }) => !text.startsWith('-'));
  const isShell = SHELLS.test(name);
  const isFed = command.lead.startsWith('|') || command.redirects.some(({ operator }) => operator.startsWith('<'));
  if (name === 'eval' || (isShell && rest.some(({ text }) => SHELL_TEXT.test(text)))) {
    return `${name} runs a computed text`;
  }
  if (/^(source|\.)$/.test(name) || isShell) {
    if (operand?.computed === true) return `${name} runs a computed text`;
    if (operand !== undefined && /^\/(dev\/(stdin|fd\/)|proc\/self\/fd\/)/.test(operand.text)) {
      return `${name} runs what is fed to it`;
    }
  }
  if (/awk$/.test(name)) {
    return rest.some(({ text }) => /\bsystem\b|getline|\|/.test(text)) ? `${name} is given a command to run` : null;
  }
  if (INTERPRETERS.test(name)) {
    if (rest.some(({ text }) => IN_PLACE.test(text)) || (name === 'deno' && operand?.text === 'eval')) {
      return `${name} runs code given in place`;
    }
  } else if (!isShell) {
    return null;
  }
  return isFed && (operand === undefined || rest.some(({ text }) => text === '-s'))
    ? `${name} runs what is fed to it`
    : null;
}

const SPLIT = /^-[iv0]*S|^--split-string(=|$)/;
/** Code among the options, also where single letters stand together: `-uc`, `-ne`, `--eval=`. */
const IN_PLACE = /^-[a-zA-Z]{0,4}[ceErp]$|^--(eval|print|execute)(=|$)|^-(enc|EncodedCommand|Command)$/i;
const SHELL_TEXT = /^-[a-zA-Z]*c[a-zA-Z]*$/;

/** The text that a command hands to another shell to run, if it is there as it is; `null` = none, or it is computed. */
export function innerScript(command: ShellCommand): string | null {
  const { name, rest } = programOf(command.words);
  if (name === 'eval') return literal(rest);
  if (name === 'ssh') {
    const host = rest.findIndex(
      (word, i) => !word.text.startsWith('-') && !/^-[bcDEeFIiJLlmOopQRSWw]$/.test(rest[i - 1]?.text ?? ''),
    );
    return host < 0 || host === rest.length - 1 ? null : literal(rest.slice(host + 1));
  }
  if (!SHELLS.test(name)) return null;
  const flag = rest.findIndex((word) => SHELL_TEXT.test(word.text));
  if (flag < 0) {
    const fed = command.redirects.find(({ operator }) => operator.startsWith('<<'))?.target ?? null;
    return fed === null || fed.computed ? null : fed.text;
  }
  const script = rest[flag + 1];
  return script === undefined || script.computed ? null : script.text;
}

function literal(words: readonly StepWord[]): string | null {
  return words.length === 0 || words.some((word) => word.computed) ? null : words.map((word) => word.text).join(' ');
}

/** Files that a command writes or fetches, by their last name: what is run later is not what stood there before. */
function filesMade(f: Pick<Facts, 'name' | 'args' | 'command'>): readonly string[] {
  const written = f.command.redirects.flatMap((r) => (r.operator.includes('>') ? [r.target?.text ?? ''] : []));
  const outputs = f.args.flatMap((word, i) =>
    /^(-[sSkLfo]*[oO]|--output|--output-document)$/.test(word) ? [f.args[i + 1] ?? ''] : [],
  );
  const named = DOWNLOADERS.test(f.name) ? f.args.filter((word) => word.includes('/') && !word.startsWith('-')) : [];
  const teed = f.name === 'tee' ? f.args : [];
  return [...written, ...(DOWNLOADERS.test(f.name) ? outputs : []), ...named, ...teed]
    .map(baseName)
    .filter((file) => file !== '');
}

function runsOneOf(made: ReadonlySet<string>, name: string, word: string, rest: readonly StepWord[]): boolean {
  if (word.includes('/')) return made.has(name);
  if (!SHELLS.test(name) && !INTERPRETERS.test(name) && !/^(source|\.)$/.test(name)) return false;
  const file = rest.find(({ text }) => !text.startsWith('-'));
  return file !== undefined && made.has(baseName(file.text));
}

/** Whether a command, or one before it in the same pipe, is one of these. */
function comesFrom(commands: readonly ShellCommand[], command: ShellCommand, names: RegExp): boolean {
  for (let one: ShellCommand | undefined = command, hops = 0; one !== undefined && hops < 50; hops++) {
    if (names.test(programOf(one.words).name)) return true;
    const at = commands.indexOf(one);
    one = commands.find((other) => other.pipedInto === at);
  }
  return false;
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

function hasForce(f: Facts): boolean {
  return (
    f.args.some((word) => /^(--force|--force-with-lease|--mirror|--delete)(=|$)/.test(word) || /^[+:]./.test(word)) ||
    /f/.test(f.flags)
  );
}

function changesData(f: Facts): boolean {
  if (f.name === 'redis-cli') return f.args.some((word) => /^(flushall|flushdb|del|unlink|config|eval)$/i.test(word));
  return (
    /^(psql|mysql|mariadb|sqlite3|sqlcmd|clickhouse-client|cockroach)$/.test(f.name) &&
    /\b(delete\s+from|update\s+\S+\s+set|truncate|drop|alter|grant|insert\s+into|copy)\b/i.test(f.text)
  );
}

function isInstall(name: string, args: readonly string[]): boolean {
  if (/^(npx|pipx|uvx|bunx)$/.test(name)) return true;
  if (/^python[\d.]*$/.test(name) && args[0] === '-m') return isInstall(args[1] ?? '', args.slice(2));
  return (
    /^(npm|pnpm|yarn|pip[\d.]*|gem|cargo|go|brew|apt|apt-get|yum|dnf|apk|pacman)$/.test(name) &&
    args.some((word) => /^(install|i|add|ci|get|-S)$/.test(word))
  );
}

function targets(command: ShellCommand): readonly string[] {
  return command.redirects.map((redirect) => redirect.target?.text ?? '');
}

function hasSecret(text: string): boolean {
  return text.split(/[\s=@:,]+/).some((word) => SECRETS.test(word));
}
