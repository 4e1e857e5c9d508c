/** A URL as the log may keep it: operators put keys into query strings, and the log is for ever and for many readers. */
export function urlWithoutQuery(url: string | null): string | null {
  if (url === null) return null;
  const at = url.search(/[?#]/);
  return at === -1 ? url : `${url.slice(0, at)}?…`;
}
