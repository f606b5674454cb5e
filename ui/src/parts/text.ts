// Making text safe to look at: nothing here builds markup.

/** Characters that change how others are shown, or show nothing: controls, bidi marks, zero-width, soft hyphen, tags. */
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** The text with every unseen character replaced by its code point in brackets. Line breaks and tabs stay. */
export function shown(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(unseen, (c) => `⟨U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** An identifier shortened in the middle: the end is never lost. */
export function shorten(id: string, head = 10, tail = 6): string {
  const letters = [...id];
  return letters.length <= head + tail + 1 ? id : `${letters.slice(0, head).join('')}…${letters.slice(-tail).join('')}`;
}

/** A long text cut in the middle at `max` characters, beginning and end kept. */
export function clip(text: string, max = 600): string {
  if (text.length <= max) return text;
  const tail = Math.floor(max / 4);
  return `${text.slice(0, max - tail)} … ${text.slice(-tail)}`;
}

/** A piece of a sentence. */
export interface Piece {
  text: string;
  /** Whether it stood in backticks: an identifier or somebody's input. */
  code: boolean;
}

/** Splits a sentence at its backticks; a backtick without a partner is kept as it is. */
export function pieces(sentence: string): Piece[] {
  const parts = sentence.split('`');
  if (parts.length % 2 === 0) parts.splice(-2, 2, `${parts[parts.length - 2]}\`${parts[parts.length - 1]}`);
  return parts.map((text, index) => ({ text, code: index % 2 === 1 })).filter((piece) => piece.text !== '');
}

/** Bytes as a person says it. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  return n < 1024 * 1024 ? `${(n / 1024).toFixed(n < 10240 ? 1 : 0)} KiB` : `${(n / 1024 / 1024).toFixed(1)} MiB`;
}

/** Clock time of Unix milliseconds, with seconds. */
export function clock(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** The text a filter looks through: once per row, not once per key. */
export function haystack(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ').toLowerCase();
}

/** Tells of a haystack whether every word of `needle` stands somewhere in it, in any case. */
export function matcher(needle: string): (hay: string) => boolean {
  const words = needle.toLowerCase().split(/\s+/).filter(Boolean);
  return (hay) => words.every((word) => hay.includes(word));
}

/** Whether every word of `needle` stands somewhere in `hay`, in any case. */
export function fits(needle: string, ...hay: (string | null | undefined)[]): boolean {
  return matcher(needle)(haystack(...hay));
}
