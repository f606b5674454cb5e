/** Where a point of the window is in the text, as an offset; `null` where no line is drawn. */
export function offsetIn(event: MouseEvent, starts: Uint32Array, lines: readonly string[]): number | null {
  const row = document
    .elementsFromPoint(event.clientX, event.clientY)
    .find((node) => node instanceof HTMLElement && node.dataset.line) as HTMLElement | undefined;
  const text = row?.querySelector<HTMLElement>('[data-text]');
  const index = Number(row?.dataset.line ?? NaN);
  if (!text || !(index < lines.length))
    return event.type === 'mousedown' ? (starts.at(-1) ?? 0) + (lines.at(-1)?.length ?? 0) : null;
  return (starts[index] ?? 0) + Math.min(columnIn(text, event.clientX), lines[index]?.length ?? 0);
}

/** The place between two characters of a drawn line that is nearest to `x`. */
function columnIn(text: HTMLElement, x: number): number {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    range.selectNodeContents(node);
    if (x < range.getBoundingClientRect().right) return before + columnInNode(node, length, x, range);
    before += length;
  }
  return before;
}

function columnInNode(node: Node, length: number, x: number, range: Range): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    range.setStart(node, middle);
    range.setEnd(node, middle + 1);
    const box = range.getBoundingClientRect();
    if (x < box.left + box.width / 2) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The word at an offset, as a selection. */
export function wordAround(text: string, at: number): [number, number] {
  const word = /[\p{L}\p{N}\p{M}_.-]/u;
  let from = at;
  let to = at;
  while (from > 0 && word.test(text[from - 1] ?? '')) from -= 1;
  while (to < text.length && word.test(text[to] ?? '')) to += 1;
  return [from, to];
}
