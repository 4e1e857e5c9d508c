import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandProposeSchema } from './commands.ts';
import { serverCreateSchema } from './servers.ts';

const hostile = fc.oneof(
  fc.constantFrom(
    '../sh',
    '/bin/sh',
    'a/b',
    'a\\b',
    'a\0b',
    '..',
    '.',
    '',
    'a b',
    'a;id',
    '$(id)',
    '`id`',
    'a|b',
    'a\n',
    '-c',
    'A',
  ),
  fc.string().map((text) => `${text}/`),
  fc.string().map((text) => `a${text}\0`),
  fc.array(fc.string()),
  fc.object(),
  fc.integer(),
);
const takes = (command: unknown) => serverCreateSchema.safeParse({ transport: 'stdio', name: 'x', command }).success;
const proposes = (name: unknown, argv: unknown) =>
  commandProposeSchema.safeParse({ name, argv, reason: 'why' }).success;

test('a command is named by a plain name, never by a path, a shell line, an argv array or anything else', () => {
  fc.assert(fc.property(hostile, (command) => !takes(command) && !proposes(command, ['node'])));
  assert.ok(takes('files') && proposes('files', ['node', '/opt/files.js']), 'the twin: a plain name is taken');
});

test('arguments hold no control character, and a program line that is one string is refused', () => {
  for (const bad of ['\0', 'a\0b', 'a\nb', '\u001b[2J', '']) assert.equal(proposes('files', ['node', bad]), false);
  for (const bad of ['node x.js', [], [['node']], null]) assert.equal(proposes('files', bad), false);
  assert.ok(proposes('files', ['node', '; rm -rf / $(id)']), 'shell signs are plain text: no shell reads them');
});
