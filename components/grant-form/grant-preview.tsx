import { SafeText } from '#components/safe-text/safe-text.tsx';
import { type GrantWords, grantSentence } from '#lib/core/grants/sentence.ts';

type GrantPreviewProps = {
  readonly terms: GrantWords;
  /** Who has to agree, as far as it is known before the proposal is made. */
  readonly people: string;
};

/** The grant in words before it is proposed, and whose votes it needs. */
export function GrantPreview({ terms, people }: GrantPreviewProps) {
  return (
    <section aria-label="What is proposed" className="rounded-lg border bg-sunken px-3.5 py-3">
      <SafeText as="p" text={grantSentence(terms)} className="font-medium" />
      <p className="mt-1 text-ink-2 text-xs">
        {people} It ends at once when the kill switch covers it, the tool or its server changes, or a policy asks for
        more.
      </p>
    </section>
  );
}
