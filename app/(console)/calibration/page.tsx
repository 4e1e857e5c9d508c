import type { Metadata } from 'next';
import { CalibrationPage } from '#components/calibration/calibration-page.tsx';

export const metadata: Metadata = { title: 'Calibration' };

export default function Page() {
  return <CalibrationPage />;
}
