/** More than there are zones; their names can be spelt in capitals and not, so a list of them is without end. */
const MOST_KEPT = 1_000;
const LONGEST_ZONE = 64;
const OFFSET = /^([+-]?)(\d\d):(\d\d)$/;

/** Making one costs as much as many decisions. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The wall clock of a zone at an instant: a date whose UTC fields are what the clock shows there.
 *
 * A zone is an offset (`+02:00`) or a name of the IANA tables; none is UTC. Throws where there is no such zone.
 */
export function wallTime(instantMs: number, zone?: string): Date {
  if (zone === undefined) return new Date(instantMs);
  if (zone.length > LONGEST_ZONE) throw new Error('there is no such time zone');
  const offset = OFFSET.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(instantMs + (offset[1] === '-' ? -minutes : minutes) * 60_000);
  }
  const shown = new Map<string, number>();
  for (const { type, value } of formatOf(zone).formatToParts(instantMs)) shown.set(type, Number(value));
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? Number.NaN;
  const wall = new Date(0);
  wall.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  // What a zone is away from UTC is whole seconds.
  const milliseconds = new Date(instantMs).getUTCMilliseconds();
  wall.setUTCHours(part('hour'), part('minute'), part('second'), milliseconds);
  return wall;
}

/** From 0, as CEL counts. */
export function dayOfYear(wall: Date): number {
  const first = new Date(0);
  first.setUTCFullYear(wall.getUTCFullYear(), 0, 1);
  return Math.floor((wall.getTime() - first.getTime()) / 86_400_000);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const [oldest] = formats.keys();
  if (formats.size >= MOST_KEPT && oldest !== undefined) formats.delete(oldest);
  formats.set(zone, made);
  return made;
}
