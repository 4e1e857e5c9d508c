// Loaded before the tests when lib/core is mutated: each property gets a moment instead of its thousands of runs, because
// it is run once for every mutant. Fewer runs find fewer mutants, so the score can only be too low by it.
import fc from 'fast-check';

const MOST_MS = 150;

fc.configureGlobal({ interruptAfterTimeLimit: MOST_MS, markInterruptAsFailure: false });
