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
    | 'malformed';
  readonly sentence: string;
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
  | {
      readonly kind: 'failed';
      readonly findings: readonly Finding[];
      /** How many more there are than `findings` lists. */
      readonly more: number;
    };
