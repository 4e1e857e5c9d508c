import type { RolloutForecast } from '#lib/contracts/rollout.ts';
import { FEWEST_CALLS, FEWEST_WORKING_HOURS, type ForecastName } from '#lib/core/rollout/forecast.ts';

/** What each forecast is about, as a row and as a choice. */
export const FORECAST_WORDS = {
  now: { long: 'As things are now', short: 'now' },
  enforced: { long: 'With nothing in observe', short: 'none observed' },
  high: { long: 'Every high-tier call held, medium ones pass', short: 'high held' },
  mediumAndHigh: { long: 'Every call of medium and high tier held', short: 'medium too' },
} as const satisfies Record<ForecastName, unknown>;

/** Why the averages say little yet; null where they do not. */
export function doubtOf({ enough, calls, workingHours }: RolloutForecast): string | null {
  switch (enough) {
    case 'yes':
      return null;
    case 'few-calls':
      return `Only ${calls} of the ${FEWEST_CALLS} calls that a forecast needs are recorded: these averages are a guess.`;
    case 'few-hours':
      return `Only ${workingHours} of the ${FEWEST_WORKING_HOURS} working hours that a forecast needs are recorded: these averages are a guess.`;
  }
}

/** `3.2`, `0.04`, `12`: an average an hour as people read it; below a hundredth it is nothing. */
export function perHourWords(load: number): string {
  if (load >= 10) return String(Math.round(load));
  return String(load >= 0.1 ? Math.round(load * 10) / 10 : Math.round(load * 100) / 100);
}
