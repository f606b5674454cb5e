// The time, for what counts down. It ticks only while somebody looks.
import { createSubscriber } from 'svelte/reactivity';

class Now {
  #watch = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Unix milliseconds; read in an effect or in markup it is read again every second. */
  get ms(): number {
    this.#watch();
    return Date.now();
  }
}

/** The one clock of the window. */
export const now = new Now();
