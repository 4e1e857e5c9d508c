// What a single command does that a reviewer must not miss.
import type { ShellCommand } from './shell-command.ts';

/** What a harm is told by. */
export type CommandFacts = {
  readonly name: string;
  readonly args: readonly string[];
  readonly flags: string;
  readonly text: string;
  readonly command: ShellCommand;
};

/** Programs that send what they are given somewhere else. */
export const SENDERS = /^(nc|ncat|netcat|socat|telnet|scp|sftp|rsync|ftp|tftp)$/;
const SECRETS =
  /(^|\/)(\.ssh(\/|$)|\.aws\/|\.kube\/config|\.env(\.|$)|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.docker\/config\.json|id_(rsa|ed25519|ecdsa)|shadow$)|\.(pem|key|p12|pfx|kdbx)$|\/proc\/[^/]+\/environ|\/var\/run\/secrets/;
const SYSTEM = /^\/(etc|boot|usr|bin|sbin|lib|lib64|dev\/(sd|nvme|vd|xvd|disk|mapper)|sys|proc\/sys)(\/|$|[a-z])/;

/** Each line: a harm in our words, and how to tell it. They raise an alarm; their silence promises nothing. */
export const COMMAND_HARMS: readonly (readonly [string, (facts: CommandFacts) => boolean])[] = [
  ['deletes files recursively', (f) => f.name === 'rm' && isRecursive(f)],
  ['deletes files', (f) => (f.name === 'rm' && !isRecursive(f)) || /^(unlink|rmdir|truncate|shred)$/.test(f.name)],
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

function isRecursive(f: CommandFacts): boolean {
  return /r/i.test(f.flags) || f.args.includes('--recursive');
}

function hasForce(f: CommandFacts): boolean {
  return (
    f.args.some((word) => /^(--force|--force-with-lease|--mirror|--delete)(=|$)/.test(word) || /^[+:]./.test(word)) ||
    /f/.test(f.flags)
  );
}

function changesData(f: CommandFacts): boolean {
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
