// Small preferences of this window: language, theme, widths. Never a credential, never a server's text.
const prefix = 'spectroscope.';

/** A remembered word, if it is one of `allowed` (or any, with `null`); else `fallback`. */
export function recall<T extends string>(key: string, allowed: readonly T[] | null, fallback: T): T {
  try {
    const value = localStorage.getItem(prefix + key) as T | null;
    return value !== null && (allowed === null || allowed.includes(value)) ? value : fallback;
  } catch {
    return fallback;
  }
}

/** Remembers a word; a window without storage simply forgets. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(prefix + key, value);
  } catch {
    // Private windows refuse storage; the choice then lasts as long as the window.
  }
}
