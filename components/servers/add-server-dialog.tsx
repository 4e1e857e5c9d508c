'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { ExternalForm } from './external-form.tsx';
import { HttpForm } from './http-form.tsx';
import { StdioForm } from './stdio-form.tsx';

type Transport = 'http' | 'stdio' | 'external';

/** Adds a server: by address, by a command of the host, or by declaring the tools of something that does not speak MCP. */
export function AddServerDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Add a server" width="lg">
        <AddServerForms />
      </DialogContent>
    </Dialog>
  );
}

function AddServerForms() {
  const router = useRouter();
  const [transport, setTransport] = useState<Transport>('http');
  const [leaving, startLeaving] = useTransition();
  const onAdded = (name: string) => startLeaving(() => router.push(`/servers/${name}`));
  return (
    <div className="grid gap-4">
      <div>
        <Segmented
          label="How it is reached"
          value={transport}
          onChange={setTransport}
          options={[
            { value: 'http', text: 'By address' },
            { value: 'stdio', text: 'By command' },
            { value: 'external', text: 'External' },
          ]}
        />
      </div>
      {transport === 'http' && <HttpForm onAdded={onAdded} leaving={leaving} />}
      {transport === 'stdio' && <StdioForm onAdded={onAdded} leaving={leaving} />}
      {transport === 'external' && <ExternalForm onAdded={onAdded} leaving={leaving} />}
    </div>
  );
}
