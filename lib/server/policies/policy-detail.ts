// Server-only. A policy version as the API shows it to somebody.
import { comparisonSchema, type PolicyDetail, type PolicySummary } from '#lib/contracts/policies.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { diffRules } from '#lib/core/policies/diff.ts';
import { lintRules } from '#lib/core/policies/lint.ts';
import { mayConfigure } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { compareWith, hasErrors } from './judge-rules.ts';
import { type PolicyInForce, type PolicyRow, readInForce, readPublished, rulesOf } from './policy-rows.ts';
import { readWorld } from './read-world.ts';
import { judgeSecondPerson } from './second-person.ts';
import { failingTests } from './test-rules.ts';

const OPERATOR = 'the operator at the host';

type Names = ReadonlyMap<string, string>;

/** The names of the people who wrote and approved these versions. */
export async function readNames(tx: Tx, rows: readonly PolicyRow[]): Promise<Names> {
  const ids = new Set(rows.flatMap((row) => [row.createdBy, row.approvedBy]).filter((id) => id !== null));
  if (ids.size === 0) return new Map();
  const people = await tx.person.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(people.map((person) => [person.id, person.name]));
}

/** One line of the list. */
export function policySummary(row: PolicyRow, names: Names, inForce: number): PolicySummary {
  const nameOf = (id: string | null) => (id === null ? OPERATOR : (names.get(id) ?? 'somebody who is gone'));
  // Two people let it in and one of them has no row: that was the operator.
  const isApproved = row.status === 'published' && row.loosens && row.proposedAt !== null;
  return {
    version: row.version,
    status: row.status,
    inForce: row.version === inForce,
    baseVersion: row.baseVersion,
    contentHash: row.contentHash,
    note: row.note,
    rules: Array.isArray(row.rules) ? row.rules.length : 0,
    loosens: row.loosens,
    createdBy: nameOf(row.createdBy),
    createdAt: row.createdAt.toISOString(),
    proposedAt: row.proposedAt?.toISOString() ?? null,
    approvedBy: row.approvedBy !== null || isApproved ? nameOf(row.approvedBy) : null,
    publishedAt: row.publishedAt?.toISOString() ?? null,
  };
}

/**
 * A version with what lint says about it today, how it compares, and what this reader may do with it. A draft and a
 * proposal are compared anew, with the version they were written against; of a published one the comparison is the one
 * that its people saw.
 */
export async function policyDetail(tx: Tx, row: PolicyRow, reader: ConfigActor): Promise<PolicyDetail> {
  const [inForce, base, world] = [await readInForce(tx), await readPublished(tx, row.baseVersion), await readWorld(tx)];
  const rules = rulesOf(row);
  const findings = [...lintRules(rules, world)];
  const isOpen = row.status === 'draft' || row.status === 'proposed';
  const comparison = isOpen && base !== null ? compareWith(base, rules, world) : storedComparison(row);
  const summary = policySummary(row, await readNames(tx, [row]), inForce.version);
  const about = { row, reader, inForce, hasErrors: hasErrors(findings) };
  return {
    ...summary,
    loosens: isOpen ? (comparison?.loosens ?? row.loosens) : row.loosens,
    content: [...rules],
    findings,
    comparison,
    failingTests: isOpen ? [...(await failingTests(tx, rules, world))] : [],
    diff: diffRules(base?.rules ?? [], rules),
    mayPublish: mayPublish(about, comparison?.loosens ?? true),
    mayApprove: await mayApprove(tx, about),
  };
}

type About = {
  readonly row: PolicyRow;
  readonly reader: ConfigActor;
  readonly inForce: PolicyInForce;
  readonly hasErrors: boolean;
};

function mayPublish(about: About, loosens: boolean): PolicyDetail['mayPublish'] {
  const { row, reader, inForce } = about;
  const no = (sentence: string) => ({ allowed: false, sentence });
  if (row.status !== 'draft') return no(`This version is ${row.status}.`);
  if (!mayConfigure(reader)) return no('Publishing needs the role admin.');
  if (row.baseVersion !== inForce.version) return no(staleSentence(inForce.version));
  if (about.hasErrors) return no('Correct the errors first.');
  if (!loosens) return { allowed: true, sentence: 'It only tightens: it is in force as soon as you publish it.' };
  const isAuthor = reader.kind === 'operator' ? row.createdBy === null : row.createdBy === reader.id;
  if (!isAuthor) return no('It loosens: only its author proposes it.');
  return { allowed: true, sentence: 'It loosens: it takes effect when a second person has approved it.' };
}

async function mayApprove(tx: Tx, about: About): Promise<PolicyDetail['mayApprove']> {
  const { row, reader, inForce } = about;
  const no = (sentence: string) => ({ allowed: false, sentence, at: null });
  if (row.status !== 'proposed') return no('Nothing waits for a second person here.');
  const second = await judgeSecondPerson(tx, row, reader, await readSeparation(tx));
  if (second.kind === 'role') return no('Approving needs the role admin or security.');
  if (second.kind === 'author') return no('You wrote it: another person in admin or security must approve it.');
  if (row.baseVersion !== inForce.version) return no(staleSentence(inForce.version));
  if (about.hasErrors) return no('It has errors by now; it must be written anew.');
  if (second.kind === 'allowed') return { allowed: true, sentence: 'You are the second person.', at: null };
  const sentence = 'You are alone here: your password again, a minute after proposing.';
  return { allowed: true, sentence, at: second.from.toISOString() };
}

export function staleSentence(inForce: number): string {
  return `Version ${inForce} is in force by now; begin a draft from that one.`;
}

function storedComparison(row: PolicyRow): PolicyDetail['comparison'] {
  const parsed = comparisonSchema.safeParse(row.comparison);
  return parsed.success ? parsed.data : null;
}
