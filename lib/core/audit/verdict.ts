/** What is wrong with an export. `seq` names the entry where one can be named. */
export type Finding = {
  readonly seq?: number;
  readonly code:
    | 'entry-changed'
    | 'missing-entry'
    | 'out-of-order'
    | 'root-mismatch'
    | 'bad-signature'
    | 'session-gap'
    | 'file-changed'
    | 'malformed';
  readonly sentence: string;
};

/** What failed: the first hundred findings, and how many more there are. */
export type Failure = {
  readonly kind: 'failed';
  readonly findings: readonly Finding[];
  readonly more: number;
};

/** The answer of the verifier. `keySource` says whether the key came from elsewhere, as it should, or from the export. */
export type Verdict =
  | {
      readonly kind: 'verified';
      readonly origin: string;
      readonly size: number;
      readonly root: string;
      readonly sessions: number;
      readonly lastEntryAt: string | null;
      readonly keySource: 'given' | 'export';
    }
  | Failure;

/**
 * The answer over a bundle: `entries` of the log's `size` are what was signed. That nothing of the case was left out is
 * shown only of a session, from its first entry to its last one in the bundle; else it is the sender's word.
 */
export type BundleVerdict =
  | {
      readonly kind: 'verified-part';
      readonly origin: string;
      readonly size: number;
      readonly entries: number;
      readonly of: string;
      readonly wholeSession: string | null;
      readonly keySource: 'given' | 'export';
    }
  | Failure;
