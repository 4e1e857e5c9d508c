import type { Tool } from '#lib/contracts/servers.ts';

/** Whether somebody must look at a tool before it can be called. */
export function isWaiting(tool: Pick<Tool, 'pinState'>): boolean {
  return tool.pinState === 'new' || tool.pinState === 'drifted';
}
