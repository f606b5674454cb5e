// The tour of the four jobs: which step is shown, and whether somebody wants it at all.
import { recall, remember } from './parts/storage';
import { workspace, type Panel } from './workspace.svelte';

/** The panels of the tour, in order. */
export const tourPanels = ['scopes', 'definitions', 'rules', 'call'] as const satisfies readonly Panel[];

class Tour {
  /** The step shown, from 0; `null`: no tour is running. */
  step = $state<number | null>(null);
  /** Whether the invitation of the first start is still open. */
  invited = $state(recall('tour', ['seen', ''], '') !== 'seen');

  /** Shows a step and opens its panel. */
  go(step: number): void {
    const panel = tourPanels[step];
    if (!panel) return this.end();
    this.step = step;
    this.#seen();
    workspace.openPanel(panel);
  }

  /** Ends the tour, or declines the invitation. */
  end(): void {
    this.step = null;
    this.#seen();
  }

  #seen(): void {
    this.invited = false;
    remember('tour', 'seen');
  }
}

/** The one tour of the window. */
export const tour = new Tour();
