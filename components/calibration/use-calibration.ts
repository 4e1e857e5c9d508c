'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useHasRole } from '#lib/client/use-me.ts';
import { useWrite } from '#lib/client/use-write.ts';
import {
  type CalibrationPatch,
  calibrationSchema,
  ownCalibrationSchema,
  plantedSchema,
} from '#lib/contracts/calibration.ts';

/** Figures change with every vote of anybody; whoever looks at them wants today's, not this second's. */
const REFRESH_MS = 20_000;

/** Everybody's figures and the judged plants, for security and admins. */
export function useCalibration() {
  return useQuery({
    queryKey: queryKeys.exceptions.calibration,
    queryFn: fetching('/api/v1/calibration', calibrationSchema),
    refetchInterval: REFRESH_MS,
  });
}

/** One's own figures, and what one is still to be told. Asked for only where somebody may decide. */
export function useOwnCalibration() {
  const decides = useHasRole('reviewer');
  return useQuery({
    queryKey: queryKeys.exceptions.ownCalibration,
    queryFn: fetching('/api/v1/calibration/own', ownCalibrationSchema),
    enabled: decides === 'yes',
    // A plant is told by a hint; this is for a hint that was lost.
    refetchInterval: 60_000,
  });
}

const STALE = [queryKeys.exceptions.calibration];

/** Switches planting, or says how often. */
export function useChangeCalibration() {
  return useWrite(
    (patch: CalibrationPatch) => api.send('PATCH', '/api/v1/calibration', patch, calibrationSchema),
    STALE,
  );
}

/** One more plant, some time soon. */
export function usePlantSoon() {
  return useWrite(
    (withinMinutes: number) => api.send('POST', '/api/v1/calibration/plants', { withinMinutes }, plantedSchema),
    STALE,
  );
}

/** Says that the explanations were read. */
export function useTold() {
  return useWrite(
    (plantIds: readonly string[]) =>
      api.send('POST', '/api/v1/calibration/own/told', { plantIds }, ownCalibrationSchema),
    STALE,
  );
}
