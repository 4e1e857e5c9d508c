'use client';

import { arriving, useArrived } from '#components/ui/later.tsx';
import { useSound } from '#lib/client/kept-sound.ts';

const chime = arriving(() => import('./chime.tsx').then((file) => file.Chime), 'at-rest');

/** The sound of this browser, where somebody turned it on. */
export function ChimeLater() {
  const on = useSound();
  const Chime = useArrived(chime);
  return on && Chime !== null ? <Chime /> : null;
}
