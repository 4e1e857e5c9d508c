'use client';

import { Volume2 } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { keepSound, useSound } from '#lib/client/kept-sound.ts';
import { playTone } from '#lib/client/play-tone.ts';

/** A sound for what comes in, in this browser: off until it is turned on, and never the only way to hear of something. */
export function SoundCard() {
  const on = useSound();
  return (
    <Card title="Sound in this browser">
      <div className="grid gap-3">
        <Checkbox
          checked={on}
          onCheckedChange={keepSound}
          label="Make a sound when a request comes in"
          hint="While a page of the console is open, at most every 10 seconds. A browser stays silent until you have clicked into the page once."
        />
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => void playTone('high')}>
            <Volume2 aria-hidden="true" className="size-3.5" />
            Hear high tier
          </Button>
          <Button size="sm" onClick={() => void playTone('other')}>
            <Volume2 aria-hidden="true" className="size-3.5" />
            Hear other tiers
          </Button>
        </div>
      </div>
    </Card>
  );
}
