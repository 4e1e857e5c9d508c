import type { PolicyVerdict } from './decide.ts';
import type { Factor, Rule, TimeWindow } from './rule.ts';
import { either, inTime, people, together } from './words.ts';

const EVERYTHING = 'Every call';

/** A rule as one sentence of plain text, for the command line, the record and the console. */
export function ruleSentence(rule: Rule): string {
  const condition = rule.if === undefined ? '' : ` where ${rule.if}`;
  const covered = whenSentence(rule.when);
  // The console puts the two halves of a rule in two columns; in one sentence the words must agree.
  const subject = covered === EVERYTHING ? 'All calls' : covered;
  return `${subject}${condition} ${thenSentence(rule)}${modeClause(rule)}.`;
}

/** What a rule covers: `Calls of agent release-bot, to server github, with tier high`. What is absent matches everything. */
export function whenSentence(when: Rule['when']): string {
  const parts = [
    when.agents && `of agent ${either(when.agents)}`,
    when.servers && `to server ${either(when.servers)}`,
    when.tools && `to tool ${either(when.tools)}`,
    when.tiers && `with tier ${either(when.tiers)}`,
    when.classes && `of class ${either(when.classes)}`,
    when.tainted === undefined
      ? undefined
      : when.tainted
        ? 'in a session that read untrusted content'
        : 'in a session that read nothing untrusted',
    when.inspectable === undefined
      ? undefined
      : when.inspectable
        ? 'whose arguments can be inspected'
        : 'whose arguments cannot be inspected',
    when.time && timeClause(when.time),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? EVERYTHING : `Calls ${parts.join(', ')}`;
}

/** What a rule does with what it covers. */
export function thenSentence(rule: Rule): string {
  switch (rule.then) {
    case 'allow':
      return rule.frees === true
        ? 'pass, also where the tier would hold them'
        : 'pass, where the tier itself lets calls pass';
    case 'deny':
      return 'are refused';
    case 'hold':
      return `wait for ${whoClause(rule)}${termsClause(rule)}`;
  }
}

/** What happens to a tier's calls when no rule matches. */
export function defaultSentence(verdict: PolicyVerdict): string {
  switch (verdict.decision) {
    case 'allow':
      return 'pass at once and are recorded';
    case 'deny':
      return 'are refused';
    case 'hold': {
      const { terms } = verdict;
      return `wait for ${whoClause(terms)}, for at most ${inTime(terms.pendingTtlS)}; an approval is good for ${inTime(terms.approvedTtlS)}, for one call`;
    }
  }
}

/** Whom a hold waits for: `2 people, of them 1 of group security`. */
export function whoClause(terms: Pick<Rule, 'quorum' | 'from' | 'factors'>): string {
  const quorum = terms.quorum ?? 1;
  if (terms.from !== undefined && (terms.factors ?? []).length === 0) {
    return `${people(quorum)} of group ${either(terms.from)}`;
  }
  const factors = [...(terms.factors ?? [])];
  if (terms.from !== undefined) factors.unshift({ groups: terms.from, count: quorum });
  if (factors.length === 0) return people(quorum);
  const places = factors.reduce((sum, factor) => sum + factor.count, 0);
  const each = together(factors.map(factorClause));
  return quorum > places ? `${people(quorum)}, among them ${each}` : each;
}

function factorClause(factor: Factor): string {
  return `${people(factor.count)} of group ${either(factor.groups)}`;
}

function termsClause(rule: Rule): string {
  const parts = [
    rule.stepUp === 'passkey' && 'each with a passkey',
    rule.expiresInS !== undefined && `for at most ${inTime(rule.expiresInS)}`,
    rule.voteTtlS !== undefined && `a vote counts for ${inTime(rule.voteTtlS)}`,
    rule.undoS !== undefined && rule.undoS > 0 && `then ${inTime(rule.undoS)} to undo it`,
    rule.approvedForS !== undefined && `an approval is good for ${inTime(rule.approvedForS)}`,
    ...(rule.escalate ?? []).map((step) => `after ${inTime(step.afterS)} group ${either(step.groups)} is asked too`),
  ].filter((part) => part !== false);
  return parts.map((part) => `, ${part}`).join('');
}

function modeClause(rule: Rule): string {
  if (rule.mode !== 'observe' || rule.observeUntil === undefined) return '';
  return ` (observed without effect until ${rule.observeUntil})`;
}

function timeClause(time: TimeWindow): string {
  const days = time.days === undefined ? '' : `on ${either(time.days)} `;
  const hours =
    time.from === undefined && time.to === undefined
      ? 'all day'
      : `from ${time.from ?? '00:00'} to ${time.to ?? '24:00'}`;
  return `${days}${hours} (${time.zone})`;
}
