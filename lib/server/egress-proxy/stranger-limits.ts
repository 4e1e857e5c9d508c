// Server-only. How many sockets one address may hold before it has said who it is.
import type { Socket } from 'node:net';

export type StrangerLimits = {
  /** Counts a new socket, or destroys it where its address holds too many that nobody has proved to own. */
  admit(socket: Socket): void;
  /** The request on this socket came with a good token: from now on the limits of its identity hold. */
  known(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): void;
};

/**
 * Keeps whoever has no token from filling the listener for those who have. Sockets are told apart by the peer's address
 * and port, because below TLS the socket that was accepted is not the one that a request names.
 */
export function createStrangerLimits(mostEach: number): StrangerLimits {
  const held = new Map<string, number>();
  const strangers = new Map<string, () => void>();
  return {
    admit: (socket) => {
      const address = socket.remoteAddress ?? '';
      const count = held.get(address) ?? 0;
      if (count >= mostEach) {
        socket.destroy();
        return;
      }
      const key = keyOf(socket);
      held.set(address, count + 1);
      const giveBack = () => {
        if (strangers.get(key) !== giveBack) return;
        strangers.delete(key);
        const left = (held.get(address) ?? 1) - 1;
        if (left === 0) held.delete(address);
        else held.set(address, left);
      };
      strangers.set(key, giveBack);
      socket.once('close', giveBack);
    },
    known: (socket) => strangers.get(keyOf(socket))?.(),
  };
}

function keyOf({ remoteAddress = '', remotePort = 0 }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress}|${remotePort}`;
}
