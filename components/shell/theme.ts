export const THEME_COOKIE = 'cs-theme';
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Whether a text names a theme somebody chose; everything else means "as the system says". */
export function isTheme(text: string | undefined): text is Theme {
  return text === 'light' || text === 'dark';
}

/** Shows a theme now and remembers it for the server's next answer, so that no page flashes in the other one. */
export function applyTheme(theme: Theme | 'system'): void {
  const root = document.documentElement;
  const year = 365 * 24 * 3600;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: a display preference; the Cookie Store API is missing in Firefox
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${theme === 'system' ? 0 : year}; samesite=lax`;
}
