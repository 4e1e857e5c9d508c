// T29 where it counts: the same texts as the core's vectors, sent by hand to the gateway and to the decision API.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { argsHash, callDigest } from '#lib/core/calls/digest.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject } from '#lib/core/json/value.ts';
import { nativeSha256Hex } from '#lib/server/calls/native-hash.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { acceptUpstream, agentWithToken, rawCall, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { argumentsIn } from '#tests/fixtures/mcp-agent.ts';

const vectorsSchema = z.object({
  refused: z.array(z.tuple([z.string(), z.string(), z.string()])),
  accepted: z.array(z.string()),
});
const answerSchema = z.object({ callId: z.string(), digest: z.string() });
const vectors = vectorsSchema.parse(
  JSON.parse(readFileSync(new URL('../../vectors/i-json.json', import.meta.url), 'utf8')),
);

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let mcpToken: string;
let apiToken: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', strict: 'low', slow: 'high' });
  ({ token: mcpToken } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  ({ token: apiToken } = await agentWithToken(at, { name: 'hook', servers: ['files'] }, '/api/v1/calls'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

/** A tools/call written by hand around a text. */
const envelope = (args: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${args}}}`;
const asked = (args: string) => `{"server":"files","tool":"echo","arguments":${args}}`;
const mcp = (body: string, headers: Record<string, string> = {}) =>
  rawCall(gateway, '/mcp/files', mcpToken, body, { headers });
const api = (body: string, headers: Record<string, string> = {}) =>
  rawCall(gateway, '/api/v1/calls', apiToken, body, { headers });
const decisions = () => at.prisma.decisionCall.count();

test('T29 whatever the strict parser refuses is refused by both ways in, with its code, and nothing runs', async () => {
  const before = { calls: upstream.calls.length, decisions: await decisions() };
  for (const [name, text, code] of vectors.refused) {
    const wrapped = `{"x":${text}}`;
    // A text that only alone is wrong (an empty one, a byte order mark) breaks the message it stands in as well.
    for (const [way, answer] of [
      ['mcp', await mcp(envelope(wrapped))],
      ['api', await api(asked(wrapped))],
    ] as const) {
      assert.ok(answer.status >= 400 && answer.status < 500, `${way}, ${name}: ${answer.status}`);
      assert.match(answer.text, new RegExp(`"code":"(?:${code}|invalid-request)"`), `${way}, ${name}`);
    }
  }
  assert.deepEqual({ calls: upstream.calls.length, decisions: await decisions() }, before);
});

test('T29 whatever is accepted reaches the upstream as its canonical bytes, and the digest is over them', async () => {
  const agent = await at.prisma.agent.findUniqueOrThrow({ where: { name: 'hook' } });
  const tool = await at.prisma.tool.findFirstOrThrow({ where: { name: 'echo' }, include: { server: true } });
  const names = {
    agent: 'hook',
    onBehalfOf: null,
    session: `agent:${agent.id}`,
    server: 'files',
    serverConfigHash: tool.server.configHash,
    tool: 'echo',
    toolDigest: tool.acceptedDigest ?? '',
  };
  for (const text of vectors.accepted) {
    const args = `{ "z" : ${text} , "a" : 1 }`;
    const parsed = parseStrict(args);
    assert.ok(parsed.ok && isJsonObject(parsed.value), text);
    const canonical = canonicalJson(parsed.value);
    const answer = await mcp(envelope(args));
    assert.equal(answer.status, 200, text);
    assert.equal(argumentsIn(upstream.calls.at(-1)?.body ?? ''), canonical, text);
    const allowed = answerSchema.parse(JSON.parse((await api(asked(args))).text));
    const inputs = { ...names, argsHash: argsHash(canonical, nativeSha256Hex), nonce: allowed.callId };
    assert.equal(allowed.digest, callDigest(inputs, nativeSha256Hex), text);
  }
});

test('T29 composed and decomposed letters are two different arguments, and both arrive as they were sent', async () => {
  for (const letter of ['\u00e9', 'e\u0301']) {
    await mcp(envelope(JSON.stringify({ name: letter })));
    assert.equal(argumentsIn(upstream.calls.at(-1)?.body ?? ''), `{"name":"${letter}"}`);
  }
});

test('T29 ten thousand levels and fifty mebibytes are refused without a crash', async () => {
  const before = upstream.calls.length;
  const deep = `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
  assert.equal((await mcp(envelope(deep))).status, 400);
  assert.equal((await api(asked(deep))).status, 400);
  const big = envelope(`{"x":"${'a'.repeat(50 * 1024 * 1024)}"}`);
  for (const send of [mcp, api]) {
    // The gateway may close the connection while the body is still on its way.
    const status = await send(big).then(
      (answer) => answer.status,
      () => 413,
    );
    assert.equal(status, 413);
  }
  assert.equal((await mcp('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status, 200, 'it lives');
  assert.equal(upstream.calls.length, before);
});

test('a key of the envelope in other letters is refused, beside the exact one or instead of it', async () => {
  const before = { calls: upstream.calls.length, decisions: await decisions() };
  const bodies = [
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","Name":"slow","arguments":{}}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{},"ARGUMENTS":{"x":1}}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","Params":{"name":"slow"},"params":{"name":"echo","arguments":{}}}',
    '{"jsonrpc":"2.0","ID":2,"id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}',
  ];
  for (const body of bodies) assert.ok((await mcp(body)).status >= 400, body);
  assert.ok((await api('{"server":"files","tool":"echo","Tool":"slow","arguments":{}}')).status >= 400);
  assert.ok((await api('{"server":"files","tool":"echo","Arguments":{}}')).status >= 400);
  assert.deepEqual({ calls: upstream.calls.length, decisions: await decisions() }, before);
});

test('no header decides what runs: the body is judged, and its canonical bytes are what is sent', async () => {
  const headers = {
    'x-tool': 'slow',
    'x-http-method-override': 'DELETE',
    'x-original-url': '/mcp/other',
    'x-forwarded-uri': '/mcp/other',
    'x-upstream-authorization': 'Bearer stolen',
  };
  const answer = await mcp(envelope('{"b":2,"a":1}'), headers);
  assert.equal(answer.status, 200);
  const sent = upstream.calls.at(-1);
  assert.equal(argumentsIn(sent?.body ?? ''), '{"a":1,"b":2}');
  for (const name of Object.keys(headers)) assert.equal(sent?.headers[name], undefined, name);
  assert.match((await api(asked('{"a":1}'), headers)).text, /"decision":"allow"/);
});

test('a schema that closes the object is held to the letter; one that leaves it open is not made stricter', async () => {
  const strict = (args: string) => mcp(envelope(args).replace('"echo"', '"strict"'));
  for (const args of ['{"path":"/a","mode":"rw"}', '{"Path":"/a"}', '{}', '{"path":1}', '{"path":["/a"]}']) {
    assert.match((await strict(args)).text, /args-invalid/, args);
  }
  const before = upstream.calls.length;
  await strict('{"path":"/a"}');
  await mcp(envelope('{"anything":{"goes":true}}'));
  assert.equal(upstream.calls.length, before + 2);
});
