import { CopyButton } from './copy-button.tsx';

/** A secret that is shown this once: whole, selectable with one click, copyable. */
export function SecretOnce({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="grid gap-1.5">
      <p className="font-medium text-ink-2 text-xs">{label}</p>
      <div className="flex items-center gap-1 rounded-md border border-line-strong bg-sunken py-1 pr-1 pl-2.5">
        <code className="block min-w-0 flex-1 select-all py-1 text-xs [overflow-wrap:anywhere]">{value}</code>
        <CopyButton text={value} label={`Copy ${label.toLowerCase()}`} />
      </div>
    </div>
  );
}
