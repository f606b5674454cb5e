// How long something lasts, in words.
import type { Words } from '../words';

/** The largest unit that fits, and its number; `null` when it has ended. */
export function span(seconds: number): { unit: 'days' | 'hours' | 'minutes'; n: number } | null {
  if (seconds <= 0) return null;
  if (seconds >= 2 * 86400) return { unit: 'days', n: Math.floor(seconds / 86400) };
  if (seconds >= 2 * 3600) return { unit: 'hours', n: Math.floor(seconds / 3600) };
  return { unit: 'minutes', n: Math.max(1, Math.floor(seconds / 60)) };
}

/** "27 days left", "ended"; empty for what never ends. `expires` counts Unix seconds. */
export function left(expires: number | null, now: number, words: Words): string {
  if (expires === null) return '';
  const s = span(expires - now / 1000);
  return s ? words.parts.left[s.unit](s.n) : words.parts.ended;
}

/** "in 27 days", "ended", "never"; what a person pasted and no server dated is "not known". `expires` counts Unix seconds. */
export function ends(expires: number | null, now: number, words: Words, pasted: boolean): string {
  if (expires === null) return pasted ? words.parts.endUnknown : words.parts.never;
  const s = span(expires - now / 1000);
  return s ? words.parts.endsIn[s.unit](s.n) : words.parts.ended;
}

/** Minutes and seconds left, `41:07`, for what ends within the hour; `null` for everything else. `expires` counts Unix seconds. */
export function countdown(expires: number | null, now: number): string | null {
  if (expires === null) return null;
  const seconds = Math.ceil(expires - now / 1000);
  if (seconds <= 0 || seconds >= 3600) return null;
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Whether it ends within five minutes, or has ended. */
export function soon(expires: number | null, now: number): boolean {
  return expires !== null && expires - now / 1000 < 300;
}
