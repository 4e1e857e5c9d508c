import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolDefinitionDigest } from './definition.ts';
import { isToolName } from './names.ts';
import { isProtocolMethod, methodDefinition, PROTOCOL_METHODS, protocolMethod } from './protocol-methods.ts';

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

// A changed digest quarantines these methods in every installation on upgrade: change one on purpose only.
const PINS = [
  ['resources/list', 'resources', 'other', 'b9adf5c35e820b92629ab9db2243ecdac2f904ef62866e4e530d1cc64f97fc2c'],
  [
    'resources/templates/list',
    'resources',
    'other',
    '4e546df3b23e43ce1b56a05611fe34fa8c862df9b4d77deef33b552dd1c0d4e3',
  ],
  ['resources/read', 'resources', 'file-read', 'aeccb208ae882133ebe22a62c49be25a424c9740f2552c224c02bcd1b921a134'],
  ['prompts/list', 'prompts', 'other', '7fd1d17a533d1b636068ef84bef9d821c29b0d300143a5ba28b660e61f57dd54'],
  ['prompts/get', 'prompts', 'docs-search', 'eb0825757733e73b9567504e3d8a54167718d3b9810e6c9e05f4070830ef2cdf'],
  ['completion/complete', 'completions', 'other', 'ef3c8e3bc2c773ce55d9ecb0e2370dd18d5fd3951ed9d3a1b7ad73e1993c7d19'],
] as const;
test('the definitions are pinned: none changes without somebody meaning it', () => {
  const found = PROTOCOL_METHODS.map((method) => {
    const { capability, actionClass } = protocolMethod(method);
    return [method, capability, actionClass, toolDefinitionDigest(methodDefinition(method))];
  });
  assert.deepEqual(found, PINS);
});

test('what hands out content says that anybody may have written it; lists and completions do not', () => {
  const open = PROTOCOL_METHODS.filter((method) => 'annotations' in methodDefinition(method));
  assert.deepEqual(open, ['resources/read', 'prompts/get']);
});
