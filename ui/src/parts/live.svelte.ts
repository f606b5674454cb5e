// What is said politely to readers, and what is shown for a moment to everybody.

class Live {
  /** The sentence the polite region holds. */
  said = $state('');
  /** The toast, if one is shown. */
  toast = $state<string | null>(null);
  #turn = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says a sentence to readers; saying the same twice is heard twice. */
  announce(text: string): void {
    this.#turn = !this.#turn;
    this.said = this.#turn ? text : `${text}\u00a0`;
  }

  /** Shows a toast for four seconds and says it. Only for what needs no answer: copied, saved. */
  show(text: string): void {
    clearTimeout(this.#timer);
    this.toast = text;
    this.announce(text);
    this.#timer = setTimeout(() => this.hide(), 4000);
  }

  /** Takes the toast away. */
  hide(): void {
    clearTimeout(this.#timer);
    this.toast = null;
  }
}

/** The one live region of the window. */
export const live = new Live();
