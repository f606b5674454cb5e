// Keys that work everywhere in the window.
import { redoText, textFieldOf, undoText } from '../parts/history';
import { live } from '../parts/live.svelte';
import { following, mod, typing, visible } from '../parts/keys';
import { panels, workspace } from '../workspace.svelte';

function take(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

/** Whether something is in front of the window. */
function covered(): boolean {
  return workspace.covered || document.querySelector('dialog[open]') !== null;
}

function press(key: string): void {
  visible(`[data-key="${key}"]`)
    .find((node) => node.getAttribute('aria-disabled') !== 'true')
    ?.click();
}

function step(selector: string, back: boolean): void {
  const next = following(visible(selector), back);
  next?.focus();
  next?.scrollIntoView?.({ block: 'nearest' });
}

/** Undo and redo where text is typed, in front of the window, too; `false` for other keys and places. */
function textStep(event: KeyboardEvent, key: string): boolean {
  const field = textFieldOf(event.target);
  const redo = key === 'y' ? !event.shiftKey : event.shiftKey;
  if (!field || (key !== 'z' && !(key === 'y' && redo))) return false;
  take(event, () => void (redo ? redoText(field) : undoText(field)));
  return true;
}

function withMod(event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  if (textStep(event, key)) return;
  if (key === 'k' && !workspace.vaultOpen && !workspace.dataOpen)
    return take(event, () => ((workspace.reasonsAt = null), (workspace.paletteOpen = !workspace.paletteOpen)));
  if (covered()) return;
  const panel = panels[Number(key) - 1];
  if (panel) return take(event, () => workspace.openPanel(panel));
  if (key === 'enter') return take(event, () => press('send'));
  if (key === 'c' && event.shiftKey) return take(event, () => press('copy'));
  if (key === 'z' && !event.shiftKey) return take(event, () => press('undo'));
}

function escape(): void {
  if (workspace.keysOpen) workspace.keysOpen = false;
  else if (workspace.reasonsAt !== null) workspace.reasonsAt = null;
  else if (workspace.paletteOpen) workspace.paletteOpen = false;
  else if (live.toast) live.hide();
  else {
    const field = document.activeElement;
    if (field instanceof HTMLInputElement && field.dataset.key === 'filter' && field.value) {
      // An event without an input type is a step of its own for undo.
      field.value = '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
}

/** Handles a key press of the window. */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === 'Escape') return escape();
  if (mod(event)) return withMod(event);
  if (covered() || event.altKey) return;
  if (event.key === 'F6') return take(event, () => step('[data-region]', event.shiftKey));
  if (event.key === 'F8') return take(event, () => step('[data-problem]', event.shiftKey));
  if (typing(event)) return;
  if (event.key === '/') {
    const field = visible('[data-key="filter"]')[0];
    if (field) take(event, () => field.focus());
  }
  if (event.key === '?') take(event, () => (workspace.keysOpen = true));
}
