/** Sounds made with WebAudio, so that there is no file to load or license. */

interface Note {
  /** Hertz. */
  pitch: number;
  /** Seconds after the start of the sound. */
  at: number;
  /** Seconds until it has died away. */
  length: number;
}

const OFFER: readonly Note[] = [
  { pitch: 659.25, at: 0, length: 0.5 },
  { pitch: 880, at: 0.16, length: 0.7 },
];
const MESSAGE: readonly Note[] = [{ pitch: 587.33, at: 0, length: 0.28 }];

const OFFER_GAIN = 0.16;
const MESSAGE_GAIN = 0.07;
const RING_EVERY_MS = 3_500;

export interface Sounds {
  /** Rings until `stopRinging`. Calling it again while it rings changes nothing. */
  ring(): void;
  stopRinging(): void;
  message(): void;
}

/** `muted` is asked at each sound. */
export function createSounds(muted: () => boolean, until: AbortSignal): Sounds {
  const context = audioOnGesture(until);
  let ringing: ReturnType<typeof setInterval> | null = null;

  function play(notes: readonly Note[], gain: number): void {
    const audio = context();
    if (!audio || muted()) return;
    for (const note of notes) strike(audio, note, gain);
  }

  const ringOnce = (): void => play(OFFER, OFFER_GAIN);

  return {
    ring() {
      if (ringing !== null) return;
      ringOnce();
      ringing = setInterval(ringOnce, RING_EVERY_MS);
    },
    stopRinging() {
      if (ringing !== null) clearInterval(ringing);
      ringing = null;
    },
    message: () => play(MESSAGE, MESSAGE_GAIN),
  };
}

/** A soft bell: a sine that starts quickly and dies away. */
function strike(audio: AudioContext, note: Note, gain: number): void {
  const start = audio.currentTime + note.at;
  const oscillator = audio.createOscillator();
  const envelope = audio.createGain();
  oscillator.frequency.value = note.pitch;
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(gain, start + 0.015);
  envelope.gain.exponentialRampToValueAtTime(0.0001, start + note.length);
  oscillator.connect(envelope).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + note.length);
}

/**
 * Browsers let a page sound only after the person touched it. Where an agent has several windows
 * open, the lock lets one of them sound: the first that was touched.
 */
function audioOnGesture(until: AbortSignal): () => AudioContext | null {
  let audio: AudioContext | null = null;
  let ours = false;
  const becomeOurs = (): Promise<void> => {
    ours = true;
    return ended(until);
  };
  const wake = (): void => {
    if (audio) return;
    audio = new AudioContext();
    void audio.resume();
    // Browsers offer locks only to pages served over https: elsewhere every window sounds.
    if (!("locks" in navigator)) ours = true;
    else void navigator.locks.request("lambdesk.sound", becomeOurs);
  };
  for (const gesture of ["pointerdown", "keydown"]) {
    addEventListener(gesture, wake, { capture: true, once: true, signal: until });
  }
  return () => (ours && audio?.state === "running" ? audio : null);
}

function ended(until: AbortSignal): Promise<void> {
  return new Promise((resolve) => until.addEventListener("abort", () => resolve()));
}
