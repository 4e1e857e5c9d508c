// Server-only.
/** What the path names: one server, or (null) all servers of the agent. */
export type McpTarget = { readonly path: string; readonly server: string | null };

/** Reads an MCP path, or null for a path that is none. */
export function mcpTarget(path: string): McpTarget | null {
  if (path === '/mcp') return { path, server: null };
  if (!path.startsWith('/mcp/')) return null;
  const server = path.slice('/mcp/'.length);
  return /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(server) ? { path, server } : null;
}
