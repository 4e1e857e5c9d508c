import { forecastQuerySchema } from '#lib/contracts/rollout.ts';
import { readForecast } from '#lib/server/rollout/read-forecast.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: forecastQuerySchema }, ({ deps, query }) => readForecast(deps, query.zone));
