// Runs the official suite as a program, and reads what it wrote.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export type Scenario = { readonly name: string; readonly checks: number; readonly failures: readonly string[] };

const CHECKS = z.array(z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }));

/** All server scenarios against a URL. Each result is a scenario; warnings and remarks are no failures. */
export async function runConformanceSuite(url: string): Promise<readonly Scenario[]> {
  const out = mkdtempSync(join(tmpdir(), 'countersign-conformance-'));
  try {
    const program = join('node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
    const child = spawn(process.execPath, [program, 'server', '--url', url, '--suite', 'all', '-o', out], {
      stdio: 'ignore',
    });
    await once(child, 'exit');
    return readdirSync(out).map((folder) => {
      const checks = CHECKS.parse(JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')));
      const failed = checks.filter((check) => check.status === 'FAILURE');
      return {
        name: nameOf(folder),
        checks: checks.length,
        failures: failed.map((check) => `${check.id}: ${check.errorMessage ?? 'failed'}`),
      };
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Folders are called "server-<scenario>-<time>". */
function nameOf(folder: string): string {
  return folder.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, '');
}
