// A reporter for node:test that writes nothing but the final counts and what failed, for scripts/test.ts to add up.
import type { TestEvent } from 'node:test/reporters';

export default async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  let failed = 0;
  const files = new Set<string>();
  for await (const event of events) {
    if (event.type === 'test:fail') {
      // A whole file that fails (it crashed, it used the console) is reported as a test named after it.
      files.add(event.data.file ?? event.data.name);
    }
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { counts } = event.data;
      passed = counts.passed;
      // A cancelled test proved nothing.
      failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    }
  }
  yield JSON.stringify({ passed, failed, files: [...files] });
}
