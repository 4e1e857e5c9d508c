'use client';

import { FileArchive } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { BundleOf } from '#lib/contracts/audit.ts';
import { problemSchema } from '#lib/contracts/problem-shape.ts';

const FAILED = 'It could not be put together';

/** Hands over the entries of a case with their proofs as one file. Who may not take the log away may not take a part. */
export function TakeEvidence({ of, label }: { readonly of: BundleOf; readonly label: string }) {
  const bar = useRoleBar('security', 'admin');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const take = async () => {
    setBusy(true);
    setSaid('');
    setSaid(await fetchBundle(of));
    setBusy(false);
  };
  return (
    <>
      <Button size="sm" variant="ghost" busy={busy} disabledReason={bar} aria-label={label} onClick={() => void take()}>
        <FileArchive aria-hidden="true" className="size-3.5" />
        Evidence
      </Button>
      <span role="status" className="font-normal text-ink-2 text-xs">
        {said}
      </span>
    </>
  );
}

/** Saves the bundle under the name the server gave it, and says what came of it. A file is no JSON: `api` cannot fetch it. */
async function fetchBundle(of: BundleOf): Promise<string> {
  let answer: Response;
  try {
    answer = await fetch('/api/v1/audit/bundles', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/gzip, application/json' },
      body: JSON.stringify({ of }),
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
    });
  } catch {
    return `${FAILED}: the server cannot be reached.`;
  }
  if (!answer.ok) return `${FAILED}: ${await whyOf(answer)}`;
  const name = /filename="([A-Za-z0-9.-]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name ?? 'evidence.tar.gz';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return 'Taken. The log says so.';
}

async function whyOf(answer: Response): Promise<string> {
  try {
    const problem = problemSchema.safeParse(await answer.json());
    return problem.success ? problem.data.detail : 'the server refused it.';
  } catch {
    return 'the server refused it.';
  }
}
