// Server-only. What the parts of an apply share: the one transaction, and what it has done so far.
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { AgentSecret } from '../agents/create-agent.ts';
import type { ConfigRefusal, ConfigWrite } from '../db/config-write.ts';
import type { Discovery } from '../servers/discover-tools.ts';
import type { Path } from './read-config.ts';

/** One line of the diff. `fields` are the members that differ. */
export type ConfigChange = {
  readonly kind: 'add' | 'change' | 'accept' | 'tag' | 'propose' | 'withdraw';
  readonly what: 'person' | 'group' | 'server' | 'tool' | 'agent' | 'policies' | 'egress' | 'command' | 'credential';
  readonly name: string;
  readonly fields: readonly string[];
};

/** What exists only in the answer of this apply: shown once, stored as hashes. */
export type ApplySecrets = {
  readonly agents: readonly (AgentSecret & { readonly name: string })[];
  readonly invitations: readonly { readonly email: string; readonly link: string; readonly expiresAt: string }[];
};

/** What a server said, read before the transaction; `dry` = nobody was asked because this is a dry run. */
export type Found = { readonly kind: 'found'; readonly discovery: Discovery } | { readonly kind: 'dry' };

export type ApplyRun = {
  readonly write: ConfigWrite;
  readonly consoleUrl: string;
  readonly dryRun: boolean;
  readonly changes: ConfigChange[];
  /** Sentences beside the diff: what waits for a second person, and what it would loosen. */
  readonly notes: string[];
  readonly agents: (AgentSecret & { readonly name: string })[];
  readonly invitations: { readonly email: string; readonly link: string; readonly expiresAt: string }[];
  /** By server name, for servers with `accept: true`. */
  readonly found: ReadonlyMap<string, Found>;
  /** Entries that servers of the file need and that the caller has confirmed. */
  readonly confirmedEgress: readonly EgressEntryInput[];
};

/** A refusal, and the place in the file that caused it; `also` = more of its kind elsewhere in the file. */
export type Misfit = Fault & { readonly also?: readonly Fault[] };
type Fault = ConfigRefusal & { readonly path: Path };
export type Step = Result<null, Misfit>;

/** Ties a use-case's refusal to the place in the file that caused it. */
export function at(path: Path, refusal: ConfigRefusal): { readonly ok: false; readonly error: Misfit } {
  return err({ ...refusal, path });
}
