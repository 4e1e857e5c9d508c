import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ChosenKeys,
  COMMANDS,
  chooseKey,
  commandOf,
  isPair,
  keyOf,
  readChosen,
  refuseKey,
} from './shortcut-keys.ts';

describe('a key', () => {
  it('stands for its command until somebody chooses another, then for nothing', () => {
    assert.equal(commandOf({}, 'a'), 'a');
    assert.equal(commandOf({ a: 'y' }, 'y'), 'a');
    assert.equal(commandOf({ a: 'y' }, 'a'), null);
    assert.equal(commandOf({ a: null }, 'a'), null);
  });
  it('may be given to another command once it is free', () => {
    const chosen = { a: 'y', d: 'a' };
    assert.equal(commandOf(chosen, 'a'), 'd');
    assert.equal(commandOf(chosen, 'd'), null);
  });
  it('that is nobody’s stands for itself', () => {
    assert.equal(commandOf({ a: 'y' }, 'Escape'), 'Escape');
  });
});

describe('choosing a key', () => {
  it('is refused when another command has it', () => {
    assert.match(refuseKey({}, 'a', 'd')?.sentence ?? '', /^d is taken: Open the denial tray/);
    assert.match(refuseKey({ c: 'y' }, 'a', 'y')?.sentence ?? '', /taken/);
    assert.equal(refuseKey({ d: null }, 'a', 'd'), null);
  });
  it('is refused for what writes no character, and for the key that begins pairs', () => {
    for (const key of ['Escape', 'Tab', ' ', 'F1', '', '\u202e', 'ab'])
      assert.notEqual(refuseKey({}, 'a', key), null, key);
    assert.match(refuseKey({}, 'a', 'g')?.sentence ?? '', /pairs/);
    assert.equal(refuseKey({}, 'g o', 'g'), null);
  });
  it('does not set pairs against single keys', () => {
    assert.equal(refuseKey({}, 'g o', 'j'), null);
    assert.match(refuseKey({}, 'g o', 'i')?.sentence ?? '', /^g i is taken/);
  });
  it('of the key it had before is no choice any more', () => {
    assert.deepEqual(chooseKey({ a: 'y', d: null }, 'a', 'a'), { d: null });
    assert.deepEqual(chooseKey({}, 'a', null), { a: null });
  });
});

describe('what was kept', () => {
  it('comes back as it was, also when two swapped their keys', () => {
    for (const chosen of [{}, { a: 'y' }, { a: 'd', d: 'a' }, { d: null, 'g o': 'g 9' }] satisfies ChosenKeys[]) {
      assert.deepEqual(readChosen(JSON.parse(JSON.stringify(chosen))), chosen);
    }
  });
  it('is dropped where it is nonsense', () => {
    for (const kept of [null, 7, 'x', [], { q: 'y' }, { a: 5 }, { a: 'Escape' }, { a: 'g y' }, { 'g o': 'y' }]) {
      assert.deepEqual(readChosen(kept), {});
    }
  });
  it('never lets one key do two things', () => {
    for (const kept of [{ a: 'd' }, { a: 'y', d: 'y' }, { a: 'y', d: 'Escape', e: 'd' }]) {
      const chosen = readChosen(kept);
      const keys = COMMANDS.map(({ key }) => keyOf(chosen, key)).filter((key) => key !== null);
      assert.equal(new Set(keys).size, keys.length, JSON.stringify(kept));
    }
  });
});

it('every command has a key of its own, and pairs begin with g', () => {
  assert.equal(new Set(COMMANDS.map(({ key }) => key)).size, COMMANDS.length);
  for (const { key } of COMMANDS) assert.ok(isPair(key) || [...key].length === 1);
});
