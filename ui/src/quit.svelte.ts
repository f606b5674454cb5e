// Closing the window: asks while something is staged or being written.
import { Channel, invoke, isTauri } from '@tauri-apps/api/core';

import { forConnection } from './connectionState.svelte';
import { panels, workspace, type Panel } from './workspace.svelte';

/** Where something is staged, and how much. */
export interface StagedAt {
  connection: string;
  panel: Panel;
  count: number;
}

/** What is staged at every connection. */
export function stagedEverywhere(): StagedAt[] {
  return workspace.connections.flatMap(({ id, name }) => {
    const { staged } = forConnection(id);
    return panels.flatMap((panel) => (staged[panel] > 0 ? [{ connection: name, panel, count: staged[panel] }] : []));
  });
}

class Quit {
  /** Whether the question is open. */
  open = $state(false);

  /** Somebody wants to close the window. */
  request(): void {
    const writes = workspace.connections.some(({ id }) => forConnection(id).applying !== null);
    this.open = writes || stagedEverywhere().length > 0;
    this.#answer(!this.open);
  }

  /** Closes the window although something is staged. */
  confirm(): void {
    this.open = false;
    this.#answer(true);
  }

  /** Keeps the window open. */
  cancel(): void {
    this.open = false;
  }

  /** Listens for requests of the shell. */
  watch(): void {
    if (!isTauri()) return;
    const asked = new Channel<null>();
    asked.onmessage = () => this.request();
    void invoke('watch_quit', { asked });
  }

  #answer(close: boolean): void {
    if (isTauri()) void invoke('answer_quit', { close });
  }
}

/** The one question of the window. */
export const quit = new Quit();
