// Arithmetic of lists whose rows have different heights.

/** Where each row begins, in pixels, and behind them where the last one ends. */
export function tableOf(count: number, height: (index: number) => number): Float64Array {
  const table = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) table[index + 1] = (table[index] ?? 0) + height(index);
  return table;
}

/** The row at a distance from the beginning of the list; the last one beyond its end. */
export function rowAt(offsets: Float64Array, count: number, y: number): number {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What cuts off the sight of a node: the areas around it that scroll or hide what is outside of them, from the nearest on. */
export function clippers(node: HTMLElement): HTMLElement[] {
  const areas: HTMLElement[] = [];
  for (let area = node.parentElement; area; area = area.parentElement) {
    if (getComputedStyle(area).overflowY !== 'visible') areas.push(area);
  }
  return areas;
}

/** The part of a node that is in sight: how far below its beginning it begins, and how high it is. */
export function sightOf(node: HTMLElement, clippers: readonly HTMLElement[]): { top: number; height: number } {
  const box = node.getBoundingClientRect();
  let from = 0;
  let to = innerHeight;
  for (const area of clippers) {
    const edge = area.getBoundingClientRect();
    from = Math.max(from, edge.top);
    to = Math.min(to, edge.bottom);
  }
  return { top: Math.max(0, from - box.top), height: Math.max(0, to - Math.max(from, box.top)) };
}

/** The nearest area that can be scrolled now. */
export function scrollable(clippers: readonly HTMLElement[]): HTMLElement | undefined {
  return clippers.find(
    (area) => area.scrollHeight > area.clientHeight && /auto|scroll/.test(getComputedStyle(area).overflowY),
  );
}
