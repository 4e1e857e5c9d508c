import type { PolicyVerdict } from '#lib/core/policies/decide.ts';
import type { Rule } from '#lib/core/policies/rule.ts';

/** `a`, `a or b`, `a, b or c`. */
function either(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function minutes(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  if (seconds % 3600 === 0) return seconds === 3600 ? '1 hour' : `${seconds / 3600} hours`;
  const whole = Math.round((seconds / 60) * 10) / 10;
  return whole === 1 ? '1 minute' : `${whole} minutes`;
}

function people(count: number): string {
  return count === 1 ? 'one person' : `${count} people`;
}

/** What a rule covers: `calls of agent release-bot to server github with tier high`. Conditions that are absent match everything. */
export function whenSentence(when: Rule['when']): string {
  const parts = [
    when.agents && `of agent ${either(when.agents)}`,
    when.servers && `to server ${either(when.servers)}`,
    when.tools && `to tool ${either(when.tools)}`,
    when.tiers && `with tier ${either(when.tiers)}`,
    when.classes && `of class ${either(when.classes)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? 'Every call' : `Calls ${parts.join(', ')}`;
}

/** What a rule does with them. */
export function thenSentence(rule: Rule): string {
  switch (rule.then) {
    case 'allow':
      return 'pass, where the tier itself lets calls pass';
    case 'deny':
      return 'are refused';
    case 'hold': {
      const wait = rule.expiresInS === undefined ? '' : `, for at most ${minutes(rule.expiresInS)}`;
      return `wait for ${people(rule.quorum ?? 1)}${wait}`;
    }
  }
}

/** What happens to a tier's calls when no rule matches. */
export function defaultSentence(verdict: PolicyVerdict): string {
  switch (verdict.decision) {
    case 'allow':
      return 'pass at once and are recorded';
    case 'deny':
      return 'are refused';
    case 'hold':
      return `wait for ${people(verdict.terms.quorum)}, for at most ${minutes(verdict.terms.pendingTtlS)}; an approval is good for ${minutes(verdict.terms.approvedTtlS)}, for one call`;
  }
}
