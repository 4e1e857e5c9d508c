// Somebody who makes the next secret of a credential when asked, as a rotation hook does.
import { createServer } from 'node:http';

export type DeliveringHook = { readonly port: number; readonly asked: () => number; close(): void };

/** Delivers one secret to whoever asks. */
export async function startHook(secret: string): Promise<DeliveringHook> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ secret }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    asked: () => asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
