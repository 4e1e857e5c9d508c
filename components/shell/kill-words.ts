import { classWords } from '#lib/client/format.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';

/** A scope as people say it: `High-risk tools`, `Server github`. An unknown scope is shown as it is written. */
export function scopeWords(scope: string): string {
  const parsed = parseScope(scope);
  if (!parsed.ok) return scope;
  const what = parsed.value;
  switch (what.kind) {
    case 'high-risk':
      return 'High-risk tools';
    case 'everything':
      return 'Every tool';
    case 'tier':
      return `Tools of tier ${what.tier}`;
    case 'server':
      return `Server ${what.server}`;
    case 'tool':
      return `Tool ${what.server} · ${what.tool}`;
    case 'class':
      return `Tools of class ${classWords(what.actionClass)}`;
    case 'agent':
      return `Agent ${what.agent}`;
  }
}
