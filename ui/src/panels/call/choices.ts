// The lists that values of a call are picked from.
import { call, type Args } from '../../call';
import type { Choices } from '../../contract';

/** Lists by what they were asked for. One is asked once until something changes; one that could not be read is asked again. */
export class ChoiceLists {
  #known = new Map<string, Promise<Choices>>();

  /** The list for these arguments in this state of the world. `asksVault`: a person opened it. */
  ask(args: Args<'list_choices'>, world: readonly unknown[], asksVault: boolean): Promise<Choices> {
    const key = JSON.stringify([args, ...world]);
    const known = this.#known.get(key);
    if (known) return known;
    const asked = call('list_choices', args, { asksVault });
    this.#known.set(key, asked);
    asked.then(
      (list) => list.problem && this.#known.delete(key),
      () => this.#known.delete(key),
    );
    return asked;
  }

  /** Forgets all of them: the servers hold something else now. */
  clear(): void {
    this.#known.clear();
  }
}
