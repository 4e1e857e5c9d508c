import { connect } from 'node:net';

const MOST_MS = 400;

/** Sends bytes and gives back the head of what was answered; empty when there was nothing within a moment. */
export function converse(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    const end = () => {
      clearTimeout(late);
      socket.destroy();
      resolve(text);
    };
    const late = setTimeout(end, MOST_MS);
    socket.on('data', (chunk) => {
      // An invitation to send the body is no answer yet.
      text = (text + chunk.toString('latin1')).replace('HTTP/1.1 100 Continue\r\n\r\n', '');
      // The head is all that is looked at.
      if (text.includes('\r\n\r\n')) end();
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}
