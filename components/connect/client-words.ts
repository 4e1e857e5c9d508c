import type { HoldProfile } from '#lib/contracts/shared-shapes.ts';

/** The clients an agent can be registered with, as people call them. */
export const PROFILE_WORDS: Readonly<Record<HoldProfile, string>> = {
  sdk: 'MCP SDK or another client',
  openclaw: 'OpenClaw',
  'claude-code': 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  cursor: 'Cursor',
};

/** A client's name as people say it. */
export function profileWords(profile: HoldProfile): string {
  return PROFILE_WORDS[profile];
}
