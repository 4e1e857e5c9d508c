import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isToolName } from './names.ts';
import { isProtocolMethod, methodDefinition, PROTOCOL_METHODS } from './protocol-methods.ts';

test('each governed method is a tool name that can be listed, accepted and tagged', () => {
  for (const method of PROTOCOL_METHODS) {
    assert.ok(isToolName(method), method);
    assert.equal(methodDefinition(method).name, method);
  }
});

test('only exact names are reserved, and nothing inherited is one', () => {
  assert.ok(isProtocolMethod('resources/read'));
  for (const name of ['Resources/read', 'resources/read ', 'tools/call', 'constructor', 'toString', '__proto__']) {
    assert.equal(isProtocolMethod(name), false, name);
  }
});
