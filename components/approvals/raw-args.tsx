'use client';

import { useState } from 'react';
import { LongText } from '#components/args/long-text.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { formatCount } from '#lib/client/format.ts';

const HEAD = 12_000;
const TAIL = 2_000;

/** Whether a raw text is so long that its middle is folded at first. */
export function rawIsFolded(text: string): boolean {
  return text.length > HEAD + TAIL;
}

function drawCode(text: string) {
  return <SafeText as="code" text={text} />;
}

/** The canonical text itself. Of a very long one the beginning and the end, with the count of what lies between. */
export function RawArgs({ text, onWhole }: { readonly text: string; readonly onWhole: () => void }) {
  const [whole, setWhole] = useState(false);
  const folds = rawIsFolded(text) && !whole;
  const between = folds ? new TextEncoder().encode(text.slice(HEAD, -TAIL)).length : 0;
  return (
    <div className="px-3.5 py-2.5 text-xs leading-relaxed">
      <LongText text={folds ? text.slice(0, HEAD) : text} draw={drawCode} />
      {folds && (
        <>
          <span className="my-2 block">
            <Button
              size="sm"
              onClick={() => {
                setWhole(true);
                onWhole();
              }}
            >
              {formatCount(between)} bytes hidden: show
            </Button>
          </span>
          <SafeText as="code" text={text.slice(-TAIL)} />
        </>
      )}
    </div>
  );
}
