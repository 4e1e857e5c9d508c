/** The names a condition may use, and what each of them has. `args` has whatever the agent sent, `now` is an instant. */
export const CONDITION_NAMES: Readonly<Record<string, readonly string[] | null>> = {
  args: null,
  tool: ['name', 'tier', 'class'],
  server: ['name'],
  agent: ['name'],
  session: ['id', 'tainted'],
  now: null,
};

/** Functions of our own that `chargeFor` puts in; nobody can write them, because `checkExpression` does not know them. */
export const STEP = 'step__';
export const RANGE = 'range__';
export const SEEK = 'seek__';
export const WEIGH = 'weigh__';
export const READ_TIME = 'read_time__';
export const PRESENT = 'present__';
