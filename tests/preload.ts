// Loaded before every test file: what a test prints by accident fails it.
// `console.*` in a test or in the code under it is a leftover, or an error that nobody handled.

const noise: string[] = [];

for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
  console[method] = (...parts: unknown[]) => {
    const where = new Error('console').stack?.split('\n')[2]?.trim() ?? '';
    noise.push(`console.${method}: ${parts.map(String).join(' ').slice(0, 300)} ${where}`);
  };
}

process.on('exit', () => {
  if (noise.length > 0) {
    process.stderr.write(`The console was used, which fails the file:\n${noise.join('\n')}\n`);
    process.exitCode = 1;
  }
});
