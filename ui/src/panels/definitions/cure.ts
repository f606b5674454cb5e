import type { Problem } from '../../contract';
import { clip, shown } from '../../parts/text';
import { itemAt, lineStarts, scalarAt, spanColumns, withoutItem } from './source';

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

/** The removal of one entry of the list. */
export interface Removal {
  /** The entry's scope, or the entry itself where it has none. */
  what: string;
  /** The text without it. */
  text: string;
}

/**
 * The removal of the entry a problem is about; `null` where that is not one whole value of the list: with a syntax error nobody knows where an
 * entry ends, and a neighbour must not go with it.
 */
export function removalOf(text: string, problem: Problem): Removal | null {
  if (problem.severity !== 'refused' || problem.code.startsWith('json.')) return null;
  const at = place(text, problem);
  const item = at && (itemAt(text, at.from) ?? scalarAt(text, at.from));
  if (!item) return null;
  const entry = text.slice(item.start, item.end);
  try {
    const value = JSON.parse(entry) as { scope?: unknown } | null;
    const scope = typeof value === 'object' && typeof value?.scope === 'string' ? value.scope.trim() : '';
    return { what: clip(shown(scope || entry), 60), text: withoutItem(text, item) };
  } catch {
    return null;
  }
}

/** What a problem can be cured with in place. */
export interface Cure {
  /** `title`: the guide's title is put in. `unseen`: the unseen characters are taken out. */
  kind: 'title' | 'unseen';
  /** The title that is put in; empty otherwise. */
  title: string;
  /** The cured text. */
  text: string;
}

/** The scope of the definition an offset is in; `undefined` where it cannot be read. */
function scopeAt(text: string, offset: number): string | undefined {
  const item = itemAt(text, offset);
  if (!item) return undefined;
  try {
    const value = JSON.parse(text.slice(item.start, item.end)) as { scope?: unknown };
    return typeof value.scope === 'string' ? value.scope.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** A missing title is taken from the guide; a blank one is replaced by the guide's. */
function titleCure(text: string, at: { from: number; to: number }, guide: ReadonlyMap<string, { title: string }>): Cure | null {
  const title = guide.get(scopeAt(text, at.from) ?? '')?.title;
  if (title === undefined) return null;
  if (text[at.from] === '"') return { kind: 'title', title, text: text.slice(0, at.from) + JSON.stringify(title) + text.slice(at.to) };
  if (text[at.from] !== '{') return null;
  const blank = /^\s*/.exec(text.slice(at.from + 1))?.[0] ?? '';
  return { kind: 'title', title, text: `${text.slice(0, at.from + 1)}${blank}"title": ${JSON.stringify(title)},${text.slice(at.from + 1)}` };
}

function unseenCure(text: string, at: { from: number; to: number }): Cure | null {
  const piece = text.slice(at.from, at.to);
  const seen = [...piece].filter((character) => shown(character) === character).join('');
  return seen === piece ? null : { kind: 'unseen', title: '', text: text.slice(0, at.from) + seen + text.slice(at.to) };
}

/** The cure of a problem of the source; `null` where only a person can tell. */
export function cureOf(text: string, problem: Problem, guide: ReadonlyMap<string, { title: string }>): Cure | null {
  if (problem.code !== 'import.no_title' && problem.code !== 'import.invisible_character') return null;
  const at = place(text, problem);
  if (!at) return null;
  return problem.code === 'import.no_title' ? titleCure(text, at, guide) : unseenCure(text, at);
}
