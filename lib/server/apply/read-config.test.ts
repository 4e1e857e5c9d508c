import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './read-config.ts';

function faultsOf(text: string): string[] {
  const read = readConfig(text);
  return read.ok ? [] : read.error.map((fault) => `${fault.line}: ${fault.code} ${fault.path}`);
}

test('every fault names its line and where it stands', () => {
  assert.deepEqual(
    faultsOf(
      [
        'version: 1',
        'servers:',
        '  - name: tickets',
        '    transport: http',
        '    url: https://tickets.example.com/mcp',
        '    teir: high',
        'agents:',
        '  - name: Bad_Name',
        '    owner: ana@example.com',
        'policies:',
        '  - name: p',
        '    when: { tier: [high] }',
        '    then: hold',
        '    stepUp: fingerprint',
        '',
      ].join('\n'),
    ).sort(),
    ['14: invalid-value policies[0].stepUp', '6: unknown-key servers[0].teir', '8: invalid-value agents[0].name'],
  );
});

test('text that says one thing to a person and another to a parser is a fault', () => {
  const cases: [string, string][] = [
    ['a key twice', 'version: 1\nversion: 1\n'],
    ['an alias', 'version: 1\npeople: &p []\nagents: *p\n'],
    ['a custom tag', 'version: !!js/function 1\n'],
    ['broken indentation', 'version: 1\nservers:\n- name: a\n   transport: http\n'],
    ['two documents', 'version: 1\n---\nversion: 1\n'],
    ['no document', ''],
    ['another version', 'version: 2\n'],
    [
      'a name twice',
      'version: 1\npeople:\n  - { email: a@x.io, roles: [admin] }\n  - { email: A@x.io, roles: [reviewer] }\n',
    ],
  ];
  for (const [name, text] of cases) assert.notEqual(faultsOf(text).length, 0, name);
});

test('words that older YAML took for booleans stay words', () => {
  const read = readConfig(
    'version: 1\nservers:\n  - { name: no, transport: external, tools: { on: { class: shell } } }\n',
  );
  assert.ok(read.ok);
  assert.deepEqual(read.value.file.servers?.[0]?.name, 'no');
});

test('a bomb of nested aliases is refused before it grows', () => {
  const lines = ['version: 1', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  assert.notEqual(faultsOf(lines.join('\n')).length, 0);
});
