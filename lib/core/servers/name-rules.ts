const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const TOOL_NAME = /^[A-Za-z0-9_./-]{1,128}$/;

/** Whether a text may name a server, agent or rule. No underscore, so `server__tool` splits one way only. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a tool name is one we list. Upstream names are attacker text: controls, spaces and look-alike letters are refused. */
export function isToolName(text: string): boolean {
  return TOOL_NAME.test(text);
}
