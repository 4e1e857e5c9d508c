/** Blast radius, from least to most harmful. */
export const TIERS = ['low', 'medium', 'high'] as const;
export type Tier = (typeof TIERS)[number];

/** What a tool does, as the product names it. */
export const ACTION_CLASSES = [
  'shell',
  'code-exec',
  'deploy',
  'infra',
  'billing',
  'iam',
  'secrets',
  'db-mutation',
  'db-read',
  'file-write',
  'file-read',
  'message-send',
  'money',
  'ticketing',
  'browse',
  'docs-search',
  'memory',
  'other',
] as const;
export type ActionClass = (typeof ACTION_CLASSES)[number];

/** The more harmful of two tiers. */
export function stricterTier(a: Tier, b: Tier): Tier {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}

/** Whether a text names a tier. */
export function isTier(text: string): text is Tier {
  return TIERS.some((tier) => tier === text);
}

/** Whether a text names an action class. */
export function isActionClass(text: string): text is ActionClass {
  return ACTION_CLASSES.some((name) => name === text);
}
