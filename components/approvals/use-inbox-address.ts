'use client';

import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import type { InboxFolder } from '#lib/client/live-rows.ts';

/** Typing is written into the address when it pauses, not with each letter: the address is for links and reloads. */
const WRITE_MS = 250;
const MOST_CHARACTERS = 200;

type Address = { readonly folder: InboxFolder; readonly filter: string };

function isSame(a: Address, b: Address): boolean {
  return a.folder === b.folder && a.filter === b.filter;
}

function folderIn(text: string | null): InboxFolder {
  return text === 'mine' || text === 'history' ? text : 'pending';
}

/**
 * The address of a request, or of none, in the list as it is now. The folder and the filter stay in it, so that a link
 * and the way back show the same list.
 */
export function addressOf(id: string | null): string {
  const path = id === null ? '/approvals' : `/approvals/${encodeURIComponent(id)}`;
  return `${path}${window.location.search}`;
}

/** Which folder is open and what it is filtered by, kept in the address: `/approvals?folder=mine&q=tier:high`. */
export function useInboxAddress() {
  const params = useSearchParams();
  const written = { folder: folderIn(params.get('folder')), filter: (params.get('q') ?? '').slice(0, MOST_CHARACTERS) };
  const [draft, setDraft] = useState(written);
  const [follows, setFollows] = useState(written);
  const [wrote, setWrote] = useState(written);
  if (!isSame(follows, written)) {
    setFollows(written);
    // The address changed by itself (back, a link): it wins over what was typed. Our own writing comes back late.
    if (!isSame(wrote, written)) setDraft(written);
  }
  useEffect(() => {
    if (draft.folder === written.folder && draft.filter === written.filter) return;
    const timer = setTimeout(() => {
      const query = new URLSearchParams(window.location.search);
      if (draft.folder === 'pending') query.delete('folder');
      else query.set('folder', draft.folder);
      if (draft.filter.trim() === '') query.delete('q');
      else query.set('q', draft.filter);
      const text = query.toString();
      setWrote({ folder: draft.folder, filter: query.get('q') ?? '' });
      window.history.replaceState(null, '', `${window.location.pathname}${text === '' ? '' : `?${text}`}`);
    }, WRITE_MS);
    return () => clearTimeout(timer);
  }, [draft, written.folder, written.filter]);
  return {
    folder: draft.folder,
    filter: draft.filter,
    /** What older requests are searched for: the filter, once typing paused. */
    search: written.folder === draft.folder ? written.filter.trim() : draft.filter.trim(),
    setFolder: useCallback((folder: InboxFolder) => setDraft((now) => ({ ...now, folder })), []),
    setFilter: useCallback(
      (filter: string) => setDraft((now) => ({ ...now, filter: filter.slice(0, MOST_CHARACTERS) })),
      [],
    ),
  };
}
