// A reporter for node:test that writes nothing but the final counts, for scripts/test.ts to add up.
import type { TestEvent } from 'node:test/reporters';

export default async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  for await (const event of events) {
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { counts } = event.data;
      passed = counts.passed;
      // A cancelled test proved nothing.
      failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    }
  }
  yield JSON.stringify({ passed, failed });
}
