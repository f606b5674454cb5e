import type { Span } from '../../contract';
import { tokens, type Token } from '../../parts/json';

/** Longest text that can be edited here; a longer one is shown, and corrected where it comes from. */
export const EDIT_LIMIT = 262_144;
/** Longest line that can be edited here. */
export const EDIT_LINE_LIMIT = 20_000;
/** Lines that are shown at most. */
export const SHOWN_LINES = 1_000_000;
/** Characters of one line that are shown at most. */
export const SHOWN_COLUMNS = 4_000;

/** A piece of one line as it is drawn. */
export interface Piece {
  text: string;
  /** How it is toned. */
  kind: Token['kind'];
  /** A problem points at it. */
  bad: boolean;
  /** It is selected. */
  selected: boolean;
  /** The caret stands before it. */
  caret: boolean;
}

/** Offset of the first character of every line. */
export function lineStarts(lines: readonly string[]): Uint32Array {
  const starts = new Uint32Array(lines.length);
  let at = 0;
  lines.forEach((line, index) => {
    starts[index] = at;
    at += line.length + 1;
  });
  return starts;
}

/** Index of the line an offset is in. */
export function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** UTF-16 offsets in its line of a span, whose columns count characters (code points) from 1. */
export function spanColumns(line: string, span: Span): { from: number; to: number } {
  let from = 0;
  let characters = 1;
  while (characters < span.column && from < line.length) {
    from += (line.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
    characters += 1;
  }
  let to = from;
  let left = span.length;
  while (left > 0 && to < line.length) {
    to += (line.codePointAt(to) ?? 0) > 0xffff ? 2 : 1;
    left -= 1;
  }
  return { from, to };
}

function kinds(line: string): { at: number; kind: Piece['kind'] }[] {
  let at = 0;
  return tokens(line).map((token) => {
    const found = { at, kind: token.kind };
    at += token.text.length;
    return found;
  });
}

/** What is marked in a line; offsets in UTF-16 units of the line. */
export interface Marks {
  bad: readonly { from: number; to: number }[];
  selected: { from: number; to: number } | null;
  caret: number | null;
}

/** Cuts a line into the pieces it is drawn with. Their texts joined give the line back, and one empty piece holds a caret at the end. */
export function linePieces(line: string, marks: Marks): Piece[] {
  const toned = kinds(line);
  const cuts = new Set<number>([0, line.length]);
  for (const token of toned) cuts.add(token.at);
  for (const mark of [...marks.bad, ...(marks.selected ? [marks.selected] : [])]) {
    cuts.add(mark.from).add(Math.min(mark.to, line.length));
  }
  if (marks.caret !== null) cuts.add(marks.caret);
  const at = [...cuts].sort((a, b) => a - b);

  let token = 0;
  const drawn = at.slice(0, -1).map((from, index): Piece => {
    const to = at[index + 1] ?? line.length;
    while ((toned[token + 1]?.at ?? Infinity) <= from) token += 1;
    return {
      text: line.slice(from, to),
      kind: toned[token]?.kind ?? 'json-string',
      bad: marks.bad.some((mark) => mark.from <= from && to <= mark.to),
      selected: marks.selected !== null && marks.selected.from <= from && to <= marks.selected.to,
      caret: marks.caret === from,
    };
  });
  if (marks.caret === line.length) {
    drawn.push({ text: '', kind: 'json-string', bad: false, selected: false, caret: true });
  }
  return drawn;
}

/** The line breaks a text field knows: the text it shows and the text that is checked are the same then. */
export function plainBreaks(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The text of a file: UTF-8, or UTF-16 where its first two bytes say so. */
export function decode(bytes: Uint8Array): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(mark).decode(bytes);
}

/** Whether a text is small enough to be edited in the window. */
export function editable(text: string, lines: readonly string[]): boolean {
  return text.length <= EDIT_LIMIT && !lines.some((line) => line.length > EDIT_LINE_LIMIT);
}
