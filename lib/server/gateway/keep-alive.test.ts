import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createClientAnswer } from './client-answer.ts';
import { createKeepAlive } from './keep-alive.ts';

/** Everything a client reads until the answer has shown `enough` signs of life and is then finished. */
async function readWaiting(progressToken: string | undefined, sign: RegExp, enough: number): Promise<string> {
  const keepAlive = createKeepAlive({ tickMs: 5, commentEveryMs: 20, progressEveryMs: 20 });
  const finish = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const answer = createClientAnswer(request, response);
    const stop = keepAlive.start(answer, progressToken);
    void finish.promise.then(() => {
      stop();
      answer.finish('{"done":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/event-stream' } });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if ([...text.matchAll(sign)].length >= enough) finish.resolve();
  }
  keepAlive.close();
  server.close();
  return text;
}

test('a client that sent a progress token hears progress that grows, and its answer last', async () => {
  const text = await readWaiting('token', /notifications\/progress/g, 3);
  const steps = [...text.matchAll(/"progress":([^,]+),/g)].map((match) => Number(match[1]));
  assert.ok(steps.length >= 3);
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
  assert.ok(
    steps.every((step) => step > 0 && step < 1),
    'the tool\u2019s own progress comes later and is larger',
  );
  assert.match(text, /data: \{"done":true\}\n\n$/);
});

test('a client without a token gets comments only: progress it did not ask for would be an error to it', async () => {
  const text = await readWaiting(undefined, /: waiting/g, 3);
  assert.doesNotMatch(text, /notifications\/progress/);
});
