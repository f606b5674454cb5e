/** A run of text of one side of a comparison. */
export interface Run {
  /** The text, verbatim. */
  text: string;
  /** Whether the other side does not have it. */
  changed: boolean;
}

/** Above this many comparisons only the common beginning and end are told apart. */
const LIMIT = 250_000;

/** Words, blanks and every other sign by itself: what a reader sees as one piece. */
function pieces(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|\s+|./gsu) ?? [];
}

function append(runs: Run[], text: string, changed: boolean): void {
  const last = runs.at(-1);
  if (last && last.changed === changed) last.text += text;
  else if (text !== '') runs.push({ text, changed });
}

/** Length of the longest common subsequence of the tails that start at every pair of places. */
function commonTails(a: string[], b: string[]): Uint16Array {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      table[here] =
        a[i] === b[j] ? (table[here + width + 1] ?? 0) + 1 : Math.max(table[here + width] ?? 0, table[here + 1] ?? 0);
    }
  }
  return table;
}

function compareMiddle(a: string[], b: string[], left: Run[], right: Run[]): void {
  if (a.length * b.length > LIMIT) {
    append(left, a.join(''), true);
    append(right, b.join(''), true);
    return;
  }
  const table = commonTails(a, b);
  const width = b.length + 1;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const here = i * width + j;
    if (i < a.length && j < b.length && a[i] === b[j]) {
      append(left, a[i] ?? '', false);
      append(right, b[j] ?? '', false);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && (table[here + width] ?? 0) >= (table[here + 1] ?? 0))) {
      append(left, a[i] ?? '', true);
      i += 1;
    } else {
      append(right, b[j] ?? '', true);
      j += 1;
    }
  }
}

/**
 * Compares two texts word by word.
 *
 * Returns both as runs whose texts joined give back the input; what only one side has is `changed`.
 */
export function compareWords(before: string, after: string): { before: Run[]; after: Run[] } {
  const a = pieces(before);
  const b = pieces(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;

  const left: Run[] = [];
  const right: Run[] = [];
  append(left, a.slice(0, start).join(''), false);
  append(right, b.slice(0, start).join(''), false);
  compareMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end), left, right);
  append(left, a.slice(a.length - end).join(''), false);
  append(right, b.slice(b.length - end).join(''), false);
  return { before: left, after: right };
}
