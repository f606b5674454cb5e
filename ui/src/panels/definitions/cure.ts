import type { Problem } from '../../contract';
import { itemAt, lineStarts, spanColumns, withoutItem } from './source';

/** Offsets in the text of what a problem points at; `null` where it points at nothing. */
function place(text: string, problem: Problem): { from: number; to: number } | null {
  if (!problem.span) return null;
  const lines = text.split('\n');
  const line = lines[problem.span.line - 1];
  const start = lineStarts(lines)[problem.span.line - 1];
  if (line === undefined || start === undefined) return null;
  const { from, to } = spanColumns(line, problem.span);
  return { from: start + from, to: start + to };
}

/** The text without the definition a problem is about; unchanged where it is about none. */
export function leaveOut(text: string, problem: Problem): string {
  const at = place(text, problem);
  const item = at && itemAt(text, at.from);
  return item ? withoutItem(text, item) : text;
}

/** Whether a problem is about one definition that can be left out. */
export function leavable(text: string, problem: Problem): boolean {
  return leaveOut(text, problem) !== text;
}

/** The string of JSON that holds an offset, quotes included. */
function stringAround(text: string, at: { from: number; to: number }): { from: number; to: number } | null {
  const from = text[at.from] === '"' ? at.from : text.lastIndexOf('"', at.from - 1);
  const end = /^"(?:[^"\\\n]|\\.)*"/.exec(text.slice(from));
  if (from < 0 || !end || from + end[0].length < at.to) return null;
  return { from, to: from + end[0].length };
}

/**
 * The cure of a missing title, where the guide has one: it goes where the blank one stands.
 *
 * `null` for every other problem, and where the guide does not know the scope.
 */
export function cureOf(
  text: string,
  problem: Problem,
  guide: ReadonlyMap<string, { title: string }>,
  word: (title: string) => string,
  apply: (text: string) => void,
): { label: string; apply: () => void } | null {
  const blank = problem.code === 'import.blank_title' || problem.code === 'import.title_blank';
  const title = blank ? problem.related.map((name) => guide.get(name)?.title).find((one) => one !== undefined) : undefined;
  const at = title === undefined ? null : place(text, problem);
  const value = at && stringAround(text, at);
  if (title === undefined || !value) return null;
  return { label: word(title), apply: () => apply(text.slice(0, value.from) + JSON.stringify(title) + text.slice(value.to)) };
}
