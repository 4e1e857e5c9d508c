import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { type ClientAnswer, createClientAnswer } from './client-answer.ts';

test('a client that does not read cannot make its notifications pile up here', async () => {
  const began = Promise.withResolvers<{ answer: ClientAnswer; response: ServerResponse }>();
  const server = createServer((request, response) => {
    began.resolve({ answer: createClientAnswer(request, response), response });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = net.connect(port, '127.0.0.1');
  client.pause();
  client.write('POST / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: 0\r\n\r\n');
  const { answer, response } = await began.promise;
  const notification = JSON.stringify({ text: 'x'.repeat(64 * 1024) });
  for (let i = 0; i < 1_000; i++) answer.event(notification);
  assert.ok(response.writableLength < 8 * 1024 * 1024, `${response.writableLength} bytes wait`);
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
