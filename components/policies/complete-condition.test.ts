import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applySuggestion, type ConditionWorld, completeCondition } from './complete-condition.ts';

const WORLD: ConditionWorld = {
  args: [
    { name: 'path', hint: 'string' },
    { name: 'per-page', hint: 'number' },
  ],
  tools: ['echo'],
  servers: ['files'],
  agents: ['release-bot'],
  tiers: ['low', 'medium', 'high'],
  classes: ['shell'],
};
/** `|` is the caret. */
function complete(text: string) {
  const caret = text.indexOf('|');
  const source = text.replace('|', '');
  const completion = completeCondition(source, caret, WORLD);
  const pick = (label: string) => {
    const item = completion?.items.find((one) => one.label === label);
    if (completion === null || item === undefined) return null;
    const done = applySuggestion(source, caret, completion, item);
    return `${done.source.slice(0, done.caret)}|${done.source.slice(done.caret)}`;
  };
  return { labels: completion?.items.map((item) => item.label) ?? [], pick };
}

test('at the start of a word the six names and the functions are offered', () => {
  assert.deepStrictEqual(complete('|').labels.slice(0, 6), ['args', 'tool', 'server', 'agent', 'session', 'now']);
  assert.deepStrictEqual(complete('true && s|').labels, ['server', 'session', 'size()']);
});

test('after args. the arguments of the covered tools are offered, and names that are none stand in brackets', () => {
  assert.deepStrictEqual(complete('args.p|').labels, ['path', 'per-page']);
  assert.equal(complete('args.p| == 3').pick('path'), 'args.path| == 3');
  assert.equal(complete('args.p| == 3').pick('per-page'), 'args["per-page"]| == 3');
});

test('behind a comparison the values that exist are offered, quoted', () => {
  assert.equal(complete('tool.tier == |').pick('high'), 'tool.tier == "high"|');
  assert.equal(complete('tool.tier == "hi|').pick('high'), 'tool.tier == "high"|');
  assert.equal(complete('agent.name in ["a", |').pick('release-bot'), 'agent.name in ["a", "release-bot"|');
});

test('a function takes the caret between its brackets', () => {
  assert.equal(complete('args.path.st|').pick('startsWith("")'), 'args.path.startsWith("|")');
  assert.equal(complete('ha|').pick('has()'), 'has(|)');
});

test('inside a text, and behind a finished word, nothing is offered', () => {
  assert.deepStrictEqual(complete('args.path == "a|').labels, []);
  assert.deepStrictEqual(complete('true |').labels, []);
});
