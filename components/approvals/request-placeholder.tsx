import { Loading, Skeleton } from '#components/ui/skeleton.tsx';

/** Where a request will stand, while it or the code that shows it is on its way. */
export function RequestPlaceholder() {
  return (
    <Loading text="Loading the request">
      <div className="grid gap-4 px-4 py-5 sm:px-7">
        <Skeleton className="h-5 w-44" />
        <Skeleton className="h-7 w-80 max-w-full" />
        <Skeleton className="h-4 w-3/4" />
        <Skeleton card className="mt-2 h-48" />
        <Skeleton card className="h-16" />
      </div>
    </Loading>
  );
}
