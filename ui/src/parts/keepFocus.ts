// Keeps the focus in a place whose buttons come and go.
import type { Action } from 'svelte/action';

/**
 * When the focused button of a place goes away with a change of `state`, the primary button, or the first that can be pressed, takes the focus.
 * Without it the focus would fall to the document, and the next Tab would start from the top.
 */
export const keepFocus: Action<HTMLElement, string> = (node) => {
  let inside = false;
  const enter = () => (inside = true);
  // A button that is taken out of the page has nothing the focus goes to; leaving on purpose has.
  const leave = (event: FocusEvent) =>
    (inside = event.relatedTarget === null && !document.hasFocus() ? inside : event.relatedTarget === null);
  node.addEventListener('focusin', enter);
  node.addEventListener('focusout', leave);
  return {
    update() {
      queueMicrotask(() => {
        if (!inside || document.activeElement !== document.body) return;
        const ready = [...node.querySelectorAll<HTMLElement>('button:not([aria-disabled="true"])')];
        (ready.find((button) => button.classList.contains('primary')) ?? ready[0])?.focus();
      });
    },
    destroy() {
      node.removeEventListener('focusin', enter);
      node.removeEventListener('focusout', leave);
    },
  };
};
