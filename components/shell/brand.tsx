/** The mark: a signature above its line. */
export function BrandMark({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.1"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={className}
    >
      <path d="M3 15.5c1.9-.5 6.6-6.9 6.1-10.2-.3-1.9-2.3-1.3-2.7 1.2-.5 3.4.6 8.3 2.6 8.3 1.5 0 2-3.6 3.4-3.6 1.1 0 .7 2.6 1.9 2.6.9 0 1.3-1.6 2.2-1.6.8 0 .9 1.1 1.9 1.1.8 0 1.5-.3 2.6-1" />
      <path d="M3.5 20.25h17" opacity=".55" />
    </svg>
  );
}

/** The mark with the name beside it. */
export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-base tracking-tight">
      <BrandMark className="size-5 text-accent" />
      Countersign
    </span>
  );
}
