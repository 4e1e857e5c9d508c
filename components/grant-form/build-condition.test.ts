import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { compileCondition, factsOf } from '#lib/core/policies/condition.ts';
import { conditionOf, listPins } from './build-condition.ts';

describe('the values a grant can hold fast', () => {
  it('are written as conditions, with names that are no identifiers in brackets', () => {
    const { pins, rest } = listPins(
      canonicalJson({
        repo: 'acme/site',
        dry: true,
        n: 3,
        none: null,
        'odd key': 1,
        in: 2,
        deep: { a: { b: 'c' } },
        list: ['x', 1],
      }),
    );
    assert.deepEqual(
      pins.map((pin) => pin.condition).sort(),
      [
        'args.deep.a.b == "c"',
        'args.dry == true',
        'args.list == ["x", 1]',
        'args.n == 3',
        'args.none == null',
        'args.repo == "acme/site"',
        'args["in"] == 2',
        'args["odd key"] == 1',
      ].sort(),
    );
    assert.equal(rest, 0);
  });

  it('show every character that a person cannot see, and cannot be broken out of', () => {
    const { pins } = listPins(canonicalJson({ a: 'x" || true || "\u202Ey\n\u{E0041}' }));
    assert.deepEqual(pins[0]?.condition, 'args.a == "x\\" || true || \\"\\u202ey\\n\\U000e0041"');
  });

  it('leave out what is too long or nested in a list, and count it', () => {
    assert.deepEqual(listPins(canonicalJson({ long: 'x'.repeat(400), list: [{ a: 1 }] })), { pins: [], rest: 2 });
    assert.deepEqual(listPins('[1]'), { pins: [], rest: 0 });
  });

  it('are true of the call they were made from, and of no other', () => {
    const args = {
      repo: 'acme/site" || true',
      'odd key': 'a\u202E\n\u{E0041}\\',
      in: 2,
      part: 1.5,
      deep: { none: null, list: ['x', 1, true], empty: {} },
    };
    const verdict = (given: typeof args) => {
      const compiled = compileCondition(conditionOf(listPins(canonicalJson(args)).pins) ?? '');
      assert.ok(compiled.ok, JSON.stringify(compiled));
      const call = {
        agent: 'bot',
        server: 'git',
        tool: 'merge',
        tier: 'high',
        actionClass: 'deploy',
        args: given,
      } as const;
      return compiled.value.evaluate(factsOf(call));
    };
    assert.equal(verdict(args), 'true');
    assert.equal(verdict({ ...args, repo: 'acme/site' }), 'false');
    assert.equal(verdict({ ...args, part: 2 }), 'false');
    assert.equal(verdict({ ...args, 'odd key': 'a' }), 'false');
    assert.equal(verdict({ ...args, deep: { ...args.deep, list: ['x', 1] } }), 'false');
  });

  it('join to one condition, or to none', () => {
    const { pins } = listPins(canonicalJson({ a: 1, b: 2 }));
    assert.equal(conditionOf(pins), 'args.a == 1 && args.b == 2');
    assert.equal(conditionOf([]), undefined);
  });
});
