// Server-only. The arguments of bubblewrap: what a server's process sees of this machine, and nothing else.

/** Inside every sandbox: it has a loopback of its own, so a fixed port meets nobody. */
export const INNER_PROXY_PORT = 4001;
export const INNER_HOME = '/home/server';
export const INNER_KEEPER = '/run/countersign/keeper.mts';
export const INNER_PROXY_SOCKET = '/run/countersign/proxy.sock';

/** The system's programs and libraries, and the files they read to work; no keys, no other people's files. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/opt', '/nix'];
const SETTINGS = [
  'alternatives',
  'ca-certificates',
  'ca-certificates.conf',
  'fonts',
  'group',
  'host.conf',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'nsswitch.conf',
  'passwd',
  'pki/ca-trust',
  'pki/tls/certs',
  'protocols',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
].map((name) => `/etc/${name}`);

export type SandboxPlan = {
  /** The user namespace, where the kernel gives us one. */
  readonly unshareUser: boolean;
  /** Shown read-only at their own paths. Assumes that they exist. */
  readonly readable: readonly string[];
  /** Shown writable at their own paths; only the host's configuration names them. */
  readonly writable: readonly string[];
  /** Never shown, wherever they lie: our data, the master key, the keys of TLS. */
  readonly hiddenDirectories: readonly string[];
  readonly hiddenFiles: readonly string[];
  /** Outside path of its home, the only place of its own that stays. */
  readonly home: string;
  readonly keeper: string;
  /** Outside path of the socket that leads to the egress proxy; null: no network at all. */
  readonly proxySocket: string | null;
  /** The server's limit: files in memory take a part of it, not the machine's. */
  readonly memoryMiB: number;
};

/**
 * Arguments for bubblewrap up to the program.
 *
 * The root is an empty read-only file system into which the system's own directories, the program's files and the folders
 * that the host names are put. Assumes that `hidden…` are real paths. Its network is a loopback with nobody on it; the one
 * way out is the proxy's socket. Later arguments win, so what is hidden comes after what could have shown it, and a
 * writable folder inside our data directory after that.
 */
export function sandboxArguments(plan: SandboxPlan): readonly string[] {
  const shown = [...plan.readable].sort(byDepth);
  const isShown = (path: string) => [...SYSTEM, ...shown].some((parent) => isWithin(path, parent));
  return [
    ...['--die-with-parent', '--new-session', ...(plan.unshareUser ? ['--unshare-user'] : [])],
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--unshare-net'],
    ...['--hostname', 'sandbox', '--cap-drop', 'ALL'],
    ...[...SYSTEM, ...SETTINGS].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--dev', '/dev', ...tmpfs('/dev/shm', plan.memoryMiB / 8), '--remount-ro', '/dev', '--proc', '/proc'],
    ...[...tmpfs('/tmp', plan.memoryMiB / 4), ...tmpfs('/run', 1)],
    ...['--bind', plan.home, INNER_HOME],
    ...shown.flatMap((path) => ['--ro-bind', path, path]),
    ...plan.hiddenDirectories.filter(isShown).flatMap((path) => tmpfs(path, 1)),
    ...plan.hiddenFiles.filter(isShown).flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...[...plan.writable].sort(byDepth).flatMap((path) => ['--bind', path, path]),
    ...['--ro-bind', plan.keeper, INNER_KEEPER],
    ...(plan.proxySocket === null ? [] : ['--bind', plan.proxySocket, INNER_PROXY_SOCKET]),
    ...['--remount-ro', '/', '--chdir', INNER_HOME, '--'],
  ];
}

/** Files in memory are no process's memory: without a size, no limit would see them fill the machine. */
function tmpfs(path: string, sizeMiB: number): readonly string[] {
  return ['--size', String(Math.max(1, Math.floor(sizeMiB)) * 1024 * 1024), '--tmpfs', path];
}

function byDepth(one: string, other: string): number {
  return one.split('/').length - other.split('/').length || one.localeCompare(other);
}

/** Whether a path is a directory or lies in it. Assumes absolute paths without dots. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}
