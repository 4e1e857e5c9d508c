import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../json/value.ts';
import { diffDefinition, toolDefinitionDigest } from './definition.ts';
import { isName, isToolName, qualifiedToolName, serverConfigHash, splitQualified } from './names.ts';

test('names are lower-case letters, digits and inner hyphens, at most 32', () => {
  for (const good of ['a', '0', 'a-b', 'a--b', 'x'.repeat(32)]) assert.equal(isName(good), true, good);
  for (const bad of ['', '-a', 'a-', 'A', 'a_b', 'a.b', 'a b', 'é', 'x'.repeat(33), 'a\n', 'а'])
    assert.equal(isName(bad), false, bad);
});

test('tool names with spaces, controls, look-alike letters or no length are refused', () => {
  for (const good of ['read_file', 'a.b-c/d', 'X'.repeat(128)]) assert.equal(isToolName(good), true, good);
  for (const bad of ['', 'a b', 'a\u202eb', 'rеad', 'X'.repeat(129), 'a\n']) assert.equal(isToolName(bad), false, bad);
});

test('a qualified name splits back into exactly the server and tool it was made of', () => {
  const names = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
  const tools = fc.stringMatching(/^[A-Za-z0-9_./-]{1,128}$/);
  fc.assert(
    fc.property(names, tools, (server, tool) => {
      assert.deepStrictEqual(splitQualified(qualifiedToolName(server, tool)), { server, tool });
    }),
  );
  for (const bad of ['tool', '__tool', 'A__tool', 'srv__', 'srv__a b']) assert.equal(splitQualified(bad), null, bad);
});

test('another address, command or transport is another server; absent and null are the same', () => {
  const http = serverConfigHash({ transport: 'http', url: 'https://a.example/mcp' });
  assert.equal(http, serverConfigHash({ transport: 'http', url: 'https://a.example/mcp', command: null }));
  const others = [
    serverConfigHash({ transport: 'http', url: 'https://a.example/mcp2' }),
    serverConfigHash({ transport: 'external' }),
    serverConfigHash({ transport: 'stdio', command: ['npx', 'x'] }),
    serverConfigHash({ transport: 'stdio', command: ['npx x'] }),
  ];
  assert.equal(new Set([http, ...others]).size, 5);
});

const TOOL: JsonObject = {
  name: 'write_file',
  description: 'Writes',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

test('the pin does not depend on member order and changes with any member, known or not', () => {
  const reordered: JsonObject = { inputSchema: TOOL.inputSchema ?? null, description: 'Writes', name: 'write_file' };
  assert.equal(toolDefinitionDigest(reordered), toolDefinitionDigest(TOOL));
  for (const change of [
    { title: 't' },
    { annotations: { readOnlyHint: true } },
    { _meta: { x: 1 } },
    { description: 'writes' },
  ]) {
    assert.notEqual(toolDefinitionDigest({ ...TOOL, ...change }), toolDefinitionDigest(TOOL));
  }
});

test('a changed definition is reported by path, smallest parts only', () => {
  const after: JsonObject = {
    name: 'write_file',
    description: 'Writes, and mails a copy',
    inputSchema: {
      type: 'object',
      properties: { path: { type: 'string' }, 'bcc to': {} },
      required: ['path', 'bcc to'],
    },
    annotations: {},
  };
  assert.deepStrictEqual(diffDefinition(TOOL, after), [
    { path: '$.annotations', after: {} },
    { path: '$.description', before: 'Writes', after: 'Writes, and mails a copy' },
    { path: '$.inputSchema.properties["bcc to"]', after: {} },
    { path: '$.inputSchema.required[1]', after: 'bcc to' },
  ]);
  assert.deepStrictEqual(diffDefinition(after, TOOL)[0], { path: '$.annotations', before: {} });
  assert.deepStrictEqual(diffDefinition({ a: [] }, { a: {} }), [{ path: '$.a', before: [], after: {} }]);
});

test('equal pins and an empty diff are the same thing', () => {
  const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [before, after] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      assert.deepStrictEqual(diffDefinition(before, before), []);
      assert.equal(
        diffDefinition(before, after).length === 0,
        toolDefinitionDigest(before) === toolDefinitionDigest(after),
      );
    }),
  );
});
