/** What a text in the arguments is for the machine that will read it. */
export const FIELD_KINDS = ['shell', 'sql', 'code', 'base64', 'encrypted'] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** A word of a preview. `computed`: what it stands for is known only when it runs (a variable, a substitution, a glob). */
export type StepWord = { readonly text: string; readonly computed: boolean };

/** One thing that will happen, in order. `lead` is how it hangs on the one before: `|`, `&&`, `$( )`. */
export type Step = { readonly lead: string; readonly words: readonly StepWord[]; readonly note: string | null };

/**
 * What could be read out of one field. `why` says what could not: then the field cannot be inspected, and steps that are
 * there are only a part. Every text in it comes from the arguments and is as hostile as they are, bounded in length.
 */
export type FieldReport = {
  readonly path: string;
  readonly kind: FieldKind;
  readonly why: string | null;
  readonly steps: readonly Step[];
  /** Steps that are not listed. */
  readonly moreSteps: number;
  /** The beginning of what an encoding hides. */
  readonly decoded: string | null;
  /** Harm this would do, in our words. */
  readonly dangers: readonly string[];
};
