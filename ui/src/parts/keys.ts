// Keys of the window. Panels take part by attributes, so that the shell needs to know no panel:
//   data-key="filter"  the field `/` goes to           data-key="send"  the button Ctrl/Cmd+Enter presses
//   data-key="copy"    the button Ctrl/Cmd+Shift+C     data-key="undo"  the button Ctrl/Cmd+Z presses outside of text
//   data-region        a stop of F6                    data-problem     a stop of F8

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** A combination as the keyboard shows it: `Mod K` is `Ctrl K` or `⌘K`. */
export function keyName(keys: string): string {
  return mac ? keys.replace('Mod ', '⌘').replace('Shift ', '⇧') : keys.replace('Mod', 'Ctrl');
}

/** Whether the Ctrl key (the Cmd key on a Mac) is held. */
export function mod(event: KeyboardEvent): boolean {
  return mac ? event.metaKey : event.ctrlKey;
}

/** Whether the event comes from where text is typed. */
export function typing(event: Event): boolean {
  const target = event.target as HTMLElement | null;
  if (!target) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** Everything matching `selector` that can be seen, in document order. */
export function visible(selector: string, root: ParentNode = document): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(selector)].filter(
    (node) => !node.closest('[hidden], [inert]') && node.getClientRects().length > 0,
  );
}

/** The next of `nodes` after the one that holds the focus, the first after the last. */
export function following(nodes: HTMLElement[], back = false): HTMLElement | undefined {
  const at = nodes.findIndex((node) => node.contains(document.activeElement));
  if (at < 0) return back ? nodes.at(-1) : nodes[0];
  return nodes[(at + (back ? nodes.length - 1 : 1)) % nodes.length];
}

/** Where a key leads in a list of `count` rows; `null` for keys that do not move. */
export function stepTo(key: string, from: number, count: number): number | null {
  const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + 8, PageUp: from - 8, Home: 0, End: count - 1 }[
    key
  ];
  return to === undefined || count === 0 ? null : Math.max(0, Math.min(count - 1, to));
}

/**
 * Arrow keys within a list that is one tab stop. Attach as `onkeydown` of the list.
 * Moves the focus among the items matching `selector`; Home and End go to the ends. Other keys are left alone.
 */
export function roving(event: KeyboardEvent, selector: string, axis: 'vertical' | 'horizontal' = 'vertical'): void {
  const forward = axis === 'vertical' ? 'ArrowDown' : 'ArrowRight';
  const backward = axis === 'vertical' ? 'ArrowUp' : 'ArrowLeft';
  if (![forward, backward, 'Home', 'End'].includes(event.key)) return;
  const list = visible(selector, event.currentTarget as HTMLElement);
  const at = list.findIndex((node) => node.contains(document.activeElement));
  const to =
    event.key === 'Home'
      ? 0
      : event.key === 'End'
        ? list.length - 1
        : Math.min(list.length - 1, Math.max(0, at + (event.key === forward ? 1 : -1)));
  const next = list[to];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView?.({ block: 'nearest' });
}
