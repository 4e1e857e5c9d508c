import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { plural } from '#lib/client/format.ts';

const MOST_NAMED = 20;

/** Which policy tests fail by the rules of a version that still waits. */
export function FailingTests({ names }: { readonly names: readonly string[] }) {
  const more = names.length - MOST_NAMED;
  return (
    <Notice tone="danger" title={`${plural(names.length, 'policy test')} ${names.length === 1 ? 'fails' : 'fail'}`}>
      <SafeText text={names.slice(0, MOST_NAMED).join(', ')} className="[overflow-wrap:anywhere]" />
      {more > 0 && ` and ${more} more`}
    </Notice>
  );
}
