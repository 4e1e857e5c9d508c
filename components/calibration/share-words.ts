import { formatSpan } from '#lib/client/time.ts';
import type { ShareView } from '#lib/contracts/calibration.ts';

/** From how many cases on a share alone says enough. */
const MANY = 50;

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** `94 %`, or a dash where there is no case. */
export function shareWords({ share }: ShareView): string {
  return share === null ? '\u2013' : percent(share);
}

/** `3 of 4; with so few anything from 30 to 95 %`: what a share is worth. */
export function worthWords({ hits, of, low, high }: ShareView): string {
  if (of === 0) return 'none yet';
  if (of >= MANY) return `${hits} of ${of}`;
  return `${hits} of ${of}; with so few, ${Math.round(low * 100)} to ${percent(high)}`;
}

/** `4.2 s`, `1 min`: a time of looking. Seconds have a tenth, because three of them are the question. */
export function dwellWords(seconds: number | null): string {
  if (seconds === null) return '\u2013';
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatSpan(seconds);
}
