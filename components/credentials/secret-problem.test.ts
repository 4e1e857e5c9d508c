import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lentSecret, refusedSecret, splitProblem } from './secret-problem.ts';

test('a personal token is refused while it is typed, with what to use instead', () => {
  assert.match(refusedSecret(`ghp_${'a1B2'.repeat(9)}`) ?? '', /GitHub personal.*Use a GitHub App/);
  assert.equal(refusedSecret('a-service-secret-of-ours'), null);
});

test('a fine-grained token is lent, not refused', () => {
  const token = `github_pat_${'a1B2'.repeat(9)}`;
  assert.equal(refusedSecret(token), null);
  assert.match(lentSecret(token) ?? '', /migration only/);
});

test('only a refusal of the secret stands beside the secret', () => {
  const problem = { type: 'x', code: 'personal-token', status: 422, title: 'A', detail: 'B', next: 'C' };
  assert.deepEqual(splitProblem(problem), { inPlace: 'A. B', below: null });
  assert.equal(splitProblem({ ...problem, code: 'invalid-request' }).inPlace, null);
});
