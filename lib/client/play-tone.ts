import type { Tone } from './chime.ts';

/** Notes in Hz, one after the other: two that fall for high tier, a single lower one for the rest. */
const NOTES: Readonly<Record<Tone, readonly number[]>> = { high: [1047, 784], other: [523] };
const NOTE_S = 0.16;
const GAP_S = 0.04;
/** Of 1: heard beside talk, and no fright. */
const VOLUME = 0.12;

let context: AudioContext | null = null;

/**
 * Plays a sound. A browser that was not clicked into since the page was opened refuses; then it stays silent, as it does
 * where there is no loudspeaker: a sound is never the only way to hear of a request.
 */
export async function playTone(tone: Tone): Promise<void> {
  try {
    context ??= new AudioContext();
    await context.resume();
    let at = context.currentTime;
    for (const hertz of NOTES[tone]) {
      const note = new OscillatorNode(context, { type: 'sine', frequency: hertz });
      const loudness = new GainNode(context, { gain: 0 });
      // Faded in and out: a wave that is cut clicks.
      loudness.gain.setValueAtTime(0, at);
      loudness.gain.linearRampToValueAtTime(VOLUME, at + 0.01);
      loudness.gain.linearRampToValueAtTime(0, at + NOTE_S);
      note.connect(loudness).connect(context.destination);
      note.start(at);
      note.stop(at + NOTE_S);
      at += NOTE_S + GAP_S;
    }
  } catch {
    context = null;
  }
}
