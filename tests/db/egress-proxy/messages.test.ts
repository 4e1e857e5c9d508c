// What is read one way only, and what passes: absolute-form http, its headers, and everything a smuggler tries.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import {
  agentWithWayOut,
  allow,
  type HttpDestination,
  listenHttp,
  listenTcp,
  openProxy,
  type ProxyInstallation,
  sayRaw,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let web: HttpDestination;
let auth: string;
const HOST = 'web.example.com';
before(async () => {
  proxy = await openProxy();
  web = await listenHttp((request) =>
    request.url === '/redirect'
      ? { status: 302, headers: { location: `http://inside.example.com:${web.port}/` } }
      : {
          headers: {
            'x-end': 'kept',
            connection: 'x-hop',
            'x-hop': 'dropped',
            'proxy-authenticate': 'Basic realm=phish',
          },
        },
  );
  proxy.names.set(HOST, ['127.0.0.1']);
  proxy.names.set('inside.example.com', ['127.0.0.1']);
  const made = await agentWithWayOut(proxy, 'alpha', { host: HOST, port: web.port, scheme: 'http', path: '/open' });
  await allow(proxy.at, 'agent:alpha', { host: HOST, port: web.port, scheme: 'http', path: '/redirect' });
  auth = `Proxy-Authorization: Bearer ${made.token}`;
  await eventually('the entry', async () => (await say(`GET ${url('/open')} HTTP/1.1`)).startsWith('HTTP/1.1 200'));
});
after(async () => {
  await web.close();
  await proxy.close();
});

const url = (path: string) => `http://${HOST}:${web.port}${path}`;
/** A whole message: request line, the usual headers, more lines, a body. */
const say = (line: string, more: readonly string[] = [], body = '', host = `${HOST}:${web.port}`) =>
  sayRaw(
    proxy.gateway.proxyPort,
    `${line}\r\nHost: ${host}\r\n${auth}\r\n${[...more, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`,
  );

test('hop-by-hop headers and the proxy’s own stay behind, in both directions', async () => {
  const answer = await say(
    `POST ${url('/open?q=1')} HTTP/1.1`,
    [
      'X-End: kept',
      'Connection: x-hop',
      'X-Hop: dropped',
      'Proxy-Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Content-Length: 4',
    ],
    'body',
  );
  assert.match(answer, /^HTTP\/1\.1 200/);
  assert.match(answer, /x-end: kept/i);
  assert.doesNotMatch(answer, /x-hop: dropped|proxy-authenticate/i);
  const got = web.requests.at(-1);
  assert.equal(got?.line, 'POST /open?q=1');
  assert.equal(got?.body, 'body');
  const names = got?.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  assert.deepEqual(names?.toSorted(), ['connection', 'content-length', 'host', 'x-end']);
});

test('a Connection header cannot strip what the message was judged by', async () => {
  await say(
    `POST ${url('/open')} HTTP/1.1`,
    ['Connection: host, content-length, authorization', 'Authorization: Bearer own', 'Content-Length: 2'],
    'ok',
  );
  const got = web.requests.at(-1);
  assert.equal(got?.body, 'ok');
  assert.ok(got?.headers.includes('Bearer own'));
});

test('a chunked body is framed anew, also on a method that seldom has one', async () => {
  const answer = await say(`GET ${url('/open')} HTTP/1.1`, ['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 200/);
  assert.equal(web.requests.at(-1)?.body, 'hello');
});

test('paths count: what no prefix of the identity covers is refused, with dots and encodings too', async () => {
  const before = web.connections();
  for (const path of [
    '/',
    '/other',
    '/opened',
    '/open/../other',
    '/open/%2e%2e/other',
    '/open%2f..%2fother',
    '/open/..%2fother',
  ]) {
    const answer = await say(`GET ${url(path)} HTTP/1.1`);
    assert.match(answer, /^HTTP\/1\.1 40[03]/, path);
  }
  assert.equal(web.connections(), before);
});

test('a redirect is the client’s to follow, and comes back to be judged', async () => {
  const answer = await say(`GET ${url('/redirect')} HTTP/1.1`);
  assert.match(answer, /^HTTP\/1\.1 302/);
  const before = web.connections();
  const followed = await say(
    `GET http://inside.example.com:${web.port}/ HTTP/1.1`,
    [],
    '',
    `inside.example.com:${web.port}`,
  );
  assert.match(followed, /^HTTP\/1\.1 403/);
  assert.equal(web.connections(), before);
});

test('what two readers could read in two ways is refused, and nothing is sent', async () => {
  const smuggled = `0\r\n\r\nGET ${url('/open')} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const vectors: readonly (readonly [string, Promise<string>])[] = [
    ['CL.TE', say(`POST ${url('/open')} HTTP/1.1`, ['Content-Length: 6', 'Transfer-Encoding: chunked'], smuggled)],
    ['TE.CL', say(`POST ${url('/open')} HTTP/1.1`, ['Transfer-Encoding: chunked', 'Content-Length: 6'], smuggled)],
    ['two lengths', say(`POST ${url('/open')} HTTP/1.1`, ['Content-Length: 4', 'Content-Length: 5'], 'body!')],
    ['a list of lengths', say(`POST ${url('/open')} HTTP/1.1`, ['Content-Length: 4, 5'], 'body!')],
    ['a signed length', say(`POST ${url('/open')} HTTP/1.1`, ['Content-Length: +4'], 'body')],
    ['xchunked', say(`POST ${url('/open')} HTTP/1.1`, ['Transfer-Encoding: xchunked'], smuggled)],
    [
      'two codings',
      say(`POST ${url('/open')} HTTP/1.1`, ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], smuggled),
    ],
    ['gzip, chunked', say(`POST ${url('/open')} HTTP/1.1`, ['Transfer-Encoding: gzip, chunked'], smuggled)],
    [
      'space before the colon',
      say(`POST ${url('/open')} HTTP/1.1`, ['Transfer-Encoding : chunked', 'Content-Length: 4'], 'body'),
    ],
    [
      'a folded header',
      say(`POST ${url('/open')} HTTP/1.1`, ['X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 4'], 'body'),
    ],
    ['two hosts', say(`GET ${url('/open')} HTTP/1.1`, [`Host: inside.example.com:${web.port}`])],
    ['another host', say(`GET ${url('/open')} HTTP/1.1`, [], '', `inside.example.com:${web.port}`)],
    ['another port', say(`GET ${url('/open')} HTTP/1.1`, [], '', `${HOST}:1`)],
    ['no host', sayRaw(proxy.gateway.proxyPort, `GET ${url('/open')} HTTP/1.1\r\n${auth}\r\n\r\n`)],
    ['userinfo', say(`GET http://${HOST}:${web.port}@inside.example.com:${web.port}/open HTTP/1.1`)],
    ['a backslash', say(`GET http://${HOST}:${web.port}\\@inside.example.com/open HTTP/1.1`)],
    ['a fragment', say(`GET ${url('/open')}#@inside.example.com HTTP/1.1`)],
    ['https in absolute form', say(`GET https://${HOST}:${web.port}/open HTTP/1.1`)],
    ['another scheme', say(`GET ftp://${HOST}:${web.port}/open HTTP/1.1`)],
    ['origin form', say('GET /open HTTP/1.1')],
    ['asterisk form', say('OPTIONS * HTTP/1.1')],
    ['TRACE', say(`TRACE ${url('/open')} HTTP/1.1`)],
    ['an upgrade', say(`GET ${url('/open')} HTTP/1.1`, ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'])],
    ['HTTP/2 in clear', sayRaw(proxy.gateway.proxyPort, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    [
      'a bare line feed',
      sayRaw(proxy.gateway.proxyPort, `GET ${url('/open')} HTTP/1.1\nHost: ${HOST}:${web.port}\n${auth}\n\n`),
    ],
    ['a header without end', say(`GET ${url('/open')} HTTP/1.1`, [`X-Long: ${'a'.repeat(40_000)}`])],
    ['a URL without end', say(`GET ${url(`/open?${'a'.repeat(9_000)}`)} HTTP/1.1`)],
    [
      'CONNECT with a body',
      sayRaw(
        proxy.gateway.proxyPort,
        `CONNECT ${HOST}:${web.port} HTTP/1.1\r\nHost: ${HOST}\r\n${auth}\r\nContent-Length: 4\r\n\r\nbody`,
      ),
    ],
    [
      'CONNECT with a path',
      sayRaw(proxy.gateway.proxyPort, `CONNECT ${HOST}:${web.port}/x HTTP/1.1\r\nHost: ${HOST}\r\n${auth}\r\n\r\n`),
    ],
    [
      'CONNECT with a URL',
      sayRaw(proxy.gateway.proxyPort, `CONNECT ${url('/')} HTTP/1.1\r\nHost: ${HOST}\r\n${auth}\r\n\r\n`),
    ],
    [
      'CONNECT for another Host',
      sayRaw(
        proxy.gateway.proxyPort,
        `CONNECT ${HOST}:${web.port} HTTP/1.1\r\nHost: inside.example.com\r\n${auth}\r\n\r\n`,
      ),
    ],
  ];
  const before = web.requests.length;
  for (const [name, answer] of vectors) assert.match(await answer, /^HTTP\/1\.1 (?:4\d\d|501)/, name);
  assert.equal(web.requests.length, before);
});

test('a second request on the same connection is judged by itself', async () => {
  const first = `GET ${url('/open')} HTTP/1.1\r\nHost: ${HOST}:${web.port}\r\n${auth}\r\n\r\n`;
  const second = `GET ${url('/open')} HTTP/1.1\r\nHost: ${HOST}:${web.port}\r\nConnection: close\r\n\r\n`;
  const heard = await sayRaw(proxy.gateway.proxyPort, first + second);
  assert.match(heard, /^HTTP\/1\.1 200/);
  assert.match(heard, /HTTP\/1\.1 407/);
});

test('an answer that can be read in two ways does not reach the agent', async () => {
  const liar = await listenTcp((socket) => {
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      ),
    );
  });
  try {
    await allow(proxy.at, 'agent:alpha', { host: HOST, port: liar.port, scheme: 'http' });
    const line = `GET http://${HOST}:${liar.port}/ HTTP/1.1`;
    const answer = await eventually('the entry', async () => {
      const heard = await say(line, [], '', `${HOST}:${liar.port}`);
      return heard.startsWith('HTTP/1.1 403') ? null : heard;
    });
    assert.match(answer, /^HTTP\/1\.1 502/);
  } finally {
    await liar.close();
  }
});
