// Server-only. Numbers for a scraper, in the Prometheus text format; no names of agents, servers or tools.
import type { Door } from '../calls/door.ts';

/** Renders the gauges of this process. */
export function renderMetrics(door: Door, sessions: { size(): number }): string {
  const memory = process.memoryUsage();
  const gauges: readonly (readonly [string, string, number])[] = [
    ['countersign_ready', 'Whether calls can be decided.', door.isReady() ? 1 : 0],
    ['countersign_calls_in_flight', 'Calls forwarded and not answered yet.', door.inFlight.size()],
    ['countersign_calls_held', 'Attempts that wait for people.', door.held()],
    ['countersign_audit_rows_waiting', 'Audit rows not committed yet.', door.audit.waiting()],
    ['countersign_mcp_sessions', 'MCP sessions in memory.', sessions.size()],
    ['countersign_config_version', 'Version of the configuration in force here.', Number(door.snapshot().version)],
    ['process_resident_memory_bytes', 'Resident memory.', memory.rss],
  ];
  return gauges
    .map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('');
}
