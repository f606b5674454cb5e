// Arithmetic on lists of scopes. Building the list itself is the engine's work.
import type { BuiltLine, Catalog, Preset } from '../../contract';

/** What is ticked: platform scopes and inner scopes, in any order. */
export interface Ticks {
  platform: string[];
  inner: string[];
}

/** Everything that can be ticked. */
export function everything(catalog: Catalog): Ticks {
  const keys = (platform: boolean) => catalog.scopes.filter((s) => s.platform === platform).map((s) => s.key);
  return { platform: keys(true), inner: keys(false) };
}

/**
 * The ticks that stand for a registered list; scopes of other providers and unknown ones are left aside.
 * `spelled` is what the engine built from `everything` ticked: the same scopes in the same order, in full.
 */
export function ticksOf(registered: readonly string[], spelled: readonly string[], catalog: Catalog): Ticks {
  const { platform, inner } = everything(catalog);
  const has = new Set(registered);
  const of = (keys: string[], from: number) => keys.filter((_, index) => has.has(spelled[from + index] ?? ''));
  return { platform: of(platform, 0), inner: of(inner, platform.length) };
}

/** The ticks after ticking and unticking some keys. */
export function change(
  ticks: Ticks,
  catalog: Catalog | null,
  tick: readonly string[],
  untick: readonly string[],
): Ticks {
  const platform = new Set(catalog?.scopes.filter((s) => s.platform).map((s) => s.key));
  const gone = new Set(untick);
  const apply = (list: string[], wanted: boolean) => {
    const had = new Set(list);
    return [
      ...list.filter((key) => !gone.has(key)),
      ...tick.filter((key) => platform.has(key) === wanted && !had.has(key)),
    ];
  };
  return { platform: apply(ticks.platform, true), inner: apply(ticks.inner, false) };
}

/** The ticks of both, each once. */
export function union(first: Ticks, more: Ticks): Ticks {
  return {
    platform: [...new Set([...first.platform, ...more.platform])],
    inner: [...new Set([...first.inner, ...more.inner])],
  };
}

/** The preset whose inner scopes are exactly the ticked ones. */
export function presetOf(ticks: Ticks, presets: readonly Preset[]): string | null {
  const ticked = new Set(ticks.inner);
  return (
    presets.find((p) => p.scopes.length === ticks.inner.length && p.scopes.every((s) => ticked.has(s)))?.name ?? null
  );
}

/** How a built list stands to what is registered today. */
export interface Comparison {
  added: string[];
  kept: string[];
  removed: string[];
}

/** Compares by exact text. */
export function compare(lines: readonly BuiltLine[], registered: readonly string[]): Comparison {
  const before = new Set(registered);
  const after = new Set(lines.map((l) => l.scope));
  return {
    added: [...after].filter((s) => !before.has(s)),
    kept: [...after].filter((s) => before.has(s)),
    removed: registered.filter((s) => !after.has(s)),
  };
}

/** Numbers of the lines in the printed JSON that are new: the first scope stands in line 2. */
export function addedLines(lines: readonly BuiltLine[], added: readonly string[]): Set<number> {
  const fresh = new Set(added);
  return new Set(lines.flatMap((line, index) => (fresh.has(line.scope) ? [index + 2] : [])));
}
