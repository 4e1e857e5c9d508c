// Server-only. The end of a client's socket: a peer that neither reads nor closes must not keep it.
import type { Duplex } from 'node:stream';

const REFUSAL_MS = 2_000;

/** Says a last text and closes, whatever the peer does: half-open sockets would fill the listener. */
export function refuseSocket(socket: Duplex, text: string): void {
  socket.on('error', () => undefined);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  // What the client still sends is let go of, or its end is never seen.
  socket.resume();
  letGo(socket, REFUSAL_MS, text);
}

/** Ends a socket and destroys it once everything is written, or once nothing more was taken for as long as told. */
export function letGo(socket: Duplex, patienceMs: number, text = ''): void {
  if (socket.destroyed) return;
  let left = Number.POSITIVE_INFINITY;
  const look = setInterval(() => {
    if (socket.writableLength >= left) socket.destroy();
    left = socket.writableLength;
  }, patienceMs / 2);
  socket.once('close', () => clearInterval(look));
  // A kernel's buffer takes the text at once; destroyed then, it is still sent before the end.
  const done = () => socket.destroy();
  if (text === '') socket.end(done);
  else socket.end(text, done);
}
