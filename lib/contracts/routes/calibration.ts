// Client-safe. The charts' figures, and calibration.
import {
  calibrationPatchSchema,
  calibrationSchema,
  ownCalibrationSchema,
  plantBodySchema,
  plantedSchema,
  toldBodySchema,
} from '../calibration.ts';
import { statisticsQuerySchema, statisticsSchema } from '../overview.ts';
import { holds, type Route, signedIn } from './route.ts';

export const CALIBRATION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v1/statistics',
    access: signedIn,
    summary: 'Calls, decisions and waiting times over a day, a week or a month',
    query: statisticsQuerySchema,
    answer: statisticsSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/calibration',
    access: holds('security', 'admin'),
    summary: 'How reviewers decide, and what they made of planted requests',
    answer: calibrationSchema,
  },
  {
    method: 'PATCH',
    path: '/api/v1/calibration',
    access: holds('security', 'admin'),
    summary: 'Switch planting on or off, how often, and what the sink is called',
    body: calibrationPatchSchema,
    answer: calibrationSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/calibration/plants',
    access: holds('security', 'admin'),
    summary: 'Plant one more, at a random moment within some minutes',
    status: 201,
    body: plantBodySchema,
    answer: plantedSchema,
  },
  {
    method: 'GET',
    path: '/api/v1/calibration/own',
    access: signedIn,
    summary: 'The same about oneself, and plants one has not been told of',
    answer: ownCalibrationSchema,
  },
  {
    method: 'POST',
    path: '/api/v1/calibration/own/told',
    access: signedIn,
    summary: 'Say that an explanation was read',
    body: toldBodySchema,
    answer: ownCalibrationSchema,
  },
];
