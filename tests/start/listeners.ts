// What a set of processes listens on, read from the kernel: no scanner, and nothing that a process says of itself.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type Listener = {
  readonly pid: number;
  readonly protocol: 'tcp' | 'udp' | 'unix';
  /** An address with its port, or the path of a unix socket (beginning with @ where it has no file). */
  readonly at: string;
  readonly port: number | null;
  readonly isLoopback: boolean;
};

const TCP_LISTEN = '0A';
const UNIX_ACCEPTS = 0x10000;

/** Everything on which these processes accept connections or datagrams. */
export function listenersOf(pids: readonly number[]): readonly Listener[] {
  const owners = new Map<string, number>();
  for (const pid of pids) for (const inode of socketInodes(pid)) owners.set(inode, pid);
  const own = <T extends { readonly inode: string }>(rows: readonly T[]) =>
    rows.flatMap((row) => {
      const pid = owners.get(row.inode);
      return pid === undefined ? [] : [{ ...row, pid }];
    });
  return [
    ...['tcp', 'tcp6'].flatMap((table) => own(internetRows(table, TCP_LISTEN)).map((row) => internet(row, 'tcp'))),
    ...['udp', 'udp6'].flatMap((table) => own(internetRows(table, '07')).map((row) => internet(row, 'udp'))),
    ...own(unixRows()).map(
      ({ pid, path }): Listener => ({ pid, protocol: 'unix', at: path, port: null, isLoopback: true }),
    ),
  ];
}

function socketInodes(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
        return inode === undefined ? [] : [inode];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

type InternetRow = { readonly address: string; readonly port: number; readonly inode: string };

function internetRows(table: string, state: string): readonly InternetRow[] {
  return readFileSync(`/proc/net/${table}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', remote = '', found = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      // A datagram socket that is connected to somebody takes nothing from anybody else.
      const isOpen = table.startsWith('tcp') || /^0+:0000$/.test(remote);
      return found === state && isOpen ? [{ address, port: Number.parseInt(port, 16), inode }] : [];
    });
}

/** The kernel prints words of the address in the machine's order, which is little endian wherever this runs. */
function internet({ address, port, pid }: InternetRow & { readonly pid: number }, protocol: 'tcp' | 'udp'): Listener {
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((hex) => Number.parseInt(hex, 16)).reverse(),
  );
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255;
  const four = bytes.length === 4 ? bytes : isMapped ? bytes.slice(12) : null;
  const isSixLoopback = bytes.length === 16 && bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
  const text = four === null ? `[${bytes.map((byte) => byte.toString(16)).join(':')}]` : four.join('.');
  return { pid, protocol, at: `${text}:${port}`, port, isLoopback: four === null ? isSixLoopback : four[0] === 127 };
}

function unixRows(): readonly { readonly inode: string; readonly path: string }[] {
  return readFileSync('/proc/net/unix', 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, , , flags = '', , , inode = '', path = ''] = line.trim().split(/\s+/);
      return (Number.parseInt(flags, 16) & UNIX_ACCEPTS) === 0 ? [] : [{ inode, path }];
    });
}
