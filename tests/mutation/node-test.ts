// What the tests of lib/core use of node:test, given by the runner that stays warm between two mutants.
export { describe, it, test } from 'vitest';
