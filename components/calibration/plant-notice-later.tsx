'use client';

import { arriving, useArrived } from '#components/ui/later.tsx';

const notice = arriving(() => import('./plant-notice.tsx').then((file) => file.PlantNotice), 'at-once');

/** What tells of a planted request; its code comes while the server is asked whether there is anything to tell. */
export function PlantNoticeLater() {
  const PlantNotice = useArrived(notice);
  return PlantNotice === null ? null : <PlantNotice />;
}
