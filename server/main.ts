// `npm start`: everything on one machine. The composition root of the supervisor.
import { fileURLToPath } from 'node:url';
import { isRunByNpm } from '#lib/server/env.ts';
import { readOptions } from './supervisor/options.ts';
import { runSupervisor, type Supervisor } from './supervisor/run.ts';

const PARENT_WATCH_MS = 500;
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const say = (line: string) => process.stdout.write(`${line}\n`);
const fail = (sentence: string): never => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

// A reader of our output that went away (`npm start | head`) must not end the processes.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const options = readOptions(process.argv.slice(2));
if (!options.ok) {
  fail(options.error.sentence);
} else {
  const aborted = new AbortController();
  let supervisor: Supervisor | undefined;
  let signals = 0;
  const stop = async () => {
    signals += 1;
    if (signals === 1) {
      say('Stopping …');
      aborted.abort();
      if (supervisor !== undefined) {
        await supervisor.stop();
        say('Stopped.');
        process.exit(0);
      }
    } else if (signals === 2) {
      // The second Ctrl-C is meant: cut the children, and let the first stop finish the database.
      supervisor?.killChildren();
    }
  };
  if (isRunByNpm()) {
    // npm and its shell end at SIGTERM without telling us; whoever stops `npm start` means all of it.
    const shell = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid !== shell) {
        clearInterval(watch);
        void stop();
      }
    }, PARENT_WATCH_MS);
    watch.unref();
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, stop);
  }
  const started = await runSupervisor(root, options.value, say, aborted.signal);
  if (!started.ok) {
    if (aborted.signal.aborted) {
      process.exit(0);
    }
    fail(started.error.sentence);
  } else if (aborted.signal.aborted) {
    await started.value.stop();
    process.exit(0);
  } else {
    supervisor = started.value;
  }
}
