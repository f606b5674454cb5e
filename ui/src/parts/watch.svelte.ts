// Effects that depend on a value, not on every object on the way to it.
import { untrack } from 'svelte';

import { same } from './same';

/**
 * Runs `act` when `key` returns another value than the one `act` ran for last; equal arrays and objects are the same value. `undefined` waits:
 * nothing runs, and the last value is remembered. With `wait`, `act` runs that many milliseconds after the last change. Call it while a component
 * is made.
 */
export function watch<K>(key: () => K | undefined, act: (key: K) => void, wait = 0): void {
  let known: K | undefined;
  let acted: { on: K } | null = null;
  const now = $derived.by(() => {
    const next = key();
    return (known = same(known, next) ? known : next);
  });

  $effect(() => {
    const next = now;
    if (next === undefined || (acted && same(acted.on, next))) return;
    const run = (): void => {
      acted = { on: next };
      untrack(() => act(next));
    };
    if (wait === 0) return run();
    const timer = setTimeout(run, wait);
    return () => clearTimeout(timer);
  });
}
