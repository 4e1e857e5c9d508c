import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ACTION_CLASSES } from '../risk/types.ts';
import { consequenceOf } from './consequence.ts';

it('what a call can reach and whether it can be taken back is said of every class', () => {
  assert.deepEqual(
    ACTION_CLASSES.map((name) => [name, consequenceOf(name).reversal]),
    [
      ['shell', 'no'],
      ['code-exec', 'no'],
      ['deploy', 'partly'],
      ['infra', 'partly'],
      ['billing', 'partly'],
      ['iam', 'partly'],
      ['secrets', 'no'],
      ['db-mutation', 'partly'],
      ['db-read', 'no'],
      ['file-write', 'partly'],
      ['file-read', 'no'],
      ['message-send', 'no'],
      ['money', 'no'],
      ['ticketing', 'yes'],
      ['browse', 'yes'],
      ['docs-search', 'yes'],
      ['memory', 'yes'],
      ['other', 'no'],
    ],
  );
  assert.deepEqual(consequenceOf('db-mutation'), {
    blast: 'every row that it matches',
    reversal: 'partly',
    sentence: 'Only a backup brings rows back.',
  });
  for (const name of ACTION_CLASSES) {
    assert.match(consequenceOf(name).blast, /^[a-z].+[a-z]$/, name);
    assert.match(consequenceOf(name).sentence, /^[A-Z].+\.$/, name);
  }
});
