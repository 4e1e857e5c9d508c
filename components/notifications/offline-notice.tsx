import type { ReactNode } from 'react';

type Props = { readonly icon: ReactNode; readonly children: ReactNode };

/** What it means that the console cannot be reached, and how to stop tools without it. */
export function OfflineNotice({ icon, children }: Props) {
  return (
    <>
      <div className="mb-4 grid justify-items-start gap-2">
        <span className="grid size-10 place-items-center rounded-xl border bg-sunken text-ink-3">{icon}</span>
        <h1 className="font-semibold text-lg tracking-tight">The console cannot be reached</h1>
        <p className="text-ink-2">
          Your device is offline, or the server is away. This page asks every few seconds and goes on by itself.
        </p>
      </div>
      <ul className="mb-5 grid list-disc gap-1.5 pl-4 text-ink-2">
        <li>Nothing is approved meanwhile. Calls that wait keep waiting, and in the end they are denied.</li>
        <li>Nothing of what you had open is kept on this device.</li>
        <li>
          To stop tools without the console, write a scope such as <code>high-risk</code> into the file{' '}
          <code>KILL</code> of the data directory on the gateway’s host.
        </li>
      </ul>
      {children}
    </>
  );
}
