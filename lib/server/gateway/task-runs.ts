// Server-only. Tasks that this gateway is attending to at the moment.

export type TaskRun = {
  /** Resolves when the attempt is over; never rejects. */
  readonly over: Promise<void>;
  cancel(): void;
};

/** At most one attempt per task and gateway: two polls at once share it. */
export type TaskRuns = Map<string, TaskRun>;
