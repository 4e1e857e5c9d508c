// Server-only. Levels of notifications/message (RFC 5424), which the gateway filters itself: upstreams share nothing of a session.
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** Nothing below this place in the list passes. */
export type LogThreshold = number;

export const ALL_LOGS: LogThreshold = 0;
export const NO_LOGS: LogThreshold = LEVELS.length;

/** The threshold of a level's name, or null for a name that is none. */
export function thresholdOf(level: string): LogThreshold | null {
  const place = LEVELS.indexOf(level);
  return place === -1 ? null : place;
}

/** Whether a message of this level passes. One without a known level is as loud as anything, unless nothing passes. */
export function passesLog(level: string, threshold: LogThreshold): boolean {
  return threshold < LEVELS.length && (thresholdOf(level) ?? LEVELS.length) >= threshold;
}
