/** When something shall end: after so many hours, at the end of a day, or not at all. */
export type EndChoice =
  | { readonly kind: 'in'; readonly hours: number }
  | { readonly kind: 'on'; readonly date: string }
  | { readonly kind: 'never' };

const DAY_H = 24;
/** So that an end chosen at the very limit is not past it when the server, whose clock decides, reads it. */
const MARGIN_MS = 60_000;

/** The moment of a choice; null = never, undefined = no date is named yet. */
export function endOf(choice: EndChoice, nowMs: number): string | null | undefined {
  switch (choice.kind) {
    case 'in':
      return new Date(nowMs + choice.hours * 3_600_000 - MARGIN_MS).toISOString();
    case 'on': {
      const at = new Date(`${choice.date}T23:59:00`);
      return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
    }
    case 'never':
      return null;
  }
}

/** `1 hour`, `7 days`. */
export function hourWords(hours: number): string {
  if (hours < DAY_H) return hours === 1 ? '1 hour' : `${hours} hours`;
  return hours === DAY_H ? '1 day' : `${hours / DAY_H} days`;
}

/** A date for a date field, so many days from now, in local time. */
export function dateIn(days: number, nowMs: number): string {
  const date = new Date(nowMs + days * 86_400_000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
