import { CopyButton } from './copy-button.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** Text to copy into a file or a shell, exactly. Scrolls on its own and is reachable by keyboard. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <figure className="min-w-0 overflow-clip rounded-lg border bg-sunken">
      <figcaption className="flex items-center gap-2 border-b py-0.5 pr-1 pl-3 text-ink-3 text-xs">
        <span className="min-w-0 flex-1 truncate">{label}</span>
        <CopyButton text={text} label={`Copy ${label}`} />
      </figcaption>
      <ScrollBox label={label} className="p-3">
        <pre className="text-xs leading-relaxed">{text}</pre>
      </ScrollBox>
    </figure>
  );
}
