/** Units in which people give a rule's times; the file says `90s`, `10m`, `2h`. */
export const UNITS = [
  { unit: 's', size: 1, many: 'seconds' },
  { unit: 'm', size: 60, many: 'minutes' },
  { unit: 'h', size: 3600, many: 'hours' },
] as const;

/** The largest unit in which a number of seconds is whole. */
export function unitOf(seconds: number): (typeof UNITS)[number] {
  return UNITS.findLast((unit) => seconds > 0 && seconds % unit.size === 0) ?? UNITS[0];
}

/** `90s`, `10m`, `2h`: a time as countersign.yaml has it. */
export function fileDuration(seconds: number): string {
  const { unit, size } = unitOf(seconds);
  return `${seconds / size}${unit}`;
}
