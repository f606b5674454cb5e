// Where secrets are kept, as the window knows it; and the question that comes up when an operation needs it.
import { whenLocked, type Args, type Reply } from './call';
import type { Forgotten, Problem, Vault, VaultKind } from './contract';
import { Request } from './request.svelte';
import { workspace } from './workspace.svelte';

/** Changes something about every identity. */
type Change = 'choose_vault' | 'unlock_vault' | 'lock_vault' | 'sign_out_everywhere' | 'forget_everything';

class VaultDesk {
  /** Where secrets are kept; `null` until it was read. */
  view = $state.raw<Vault | null>(null);
  readonly #reading = new Request('read_vault');
  readonly #changing = new Request<Change>('unlock_vault', { writes: true, secret: true });
  /** Why it could not be read or changed. */
  problem: Problem | null = $derived(this.#changing.problem ?? this.#reading.problem);
  /** Whether something is under way. */
  busy: boolean = $derived(this.#changing.busy || this.#reading.busy);
  /** Whether reading takes long enough to show it. */
  slow: boolean = $derived(this.#reading.slow);
  #waiting: ((solved: boolean) => void)[] = [];

  /** Whether an operation waits for the answer, so that it goes on afterwards. */
  needed = $state(false);
  /** Whether opening is all there is to do: a place is chosen and closed. */
  locked: boolean = $derived(this.view?.state === 'locked');

  /** Reads where secrets are kept; `probe` asks the keychain anew. */
  async read(probe = false): Promise<void> {
    const view = await this.#reading.run({ probe });
    if (view) this.view = view;
  }

  /** Opens the sheet. */
  open(): void {
    workspace.vaultOpen = true;
    void this.read();
  }

  /** Puts the question an operation needs answered; `true`: it can be tried once more. */
  settle(): Promise<boolean> {
    this.needed = true;
    this.open();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Closes the sheet; who waited is told whether the vault can be used. */
  close(solved = false): void {
    workspace.vaultOpen = false;
    this.needed = false;
    this.#changing.dismiss();
    this.#reading.dismiss();
    for (const tell of this.#waiting.splice(0)) tell(solved);
  }

  /** Chooses a place, and moves there what is kept. */
  async choose(kind: VaultKind, passphrase: string | null): Promise<boolean> {
    return this.#move('choose_vault', { kind, passphrase });
  }

  /** Opens the passphrase vault. */
  async unlock(passphrase: string): Promise<boolean> {
    return this.#move('unlock_vault', { passphrase });
  }

  /** Closes the passphrase vault. */
  async lock(): Promise<boolean> {
    return this.#move('lock_vault', {});
  }

  /** Revokes and forgets every token. */
  async signOut(): Promise<Forgotten | null> {
    return this.#end('sign_out_everywhere', {});
  }

  /** Forgets every secret and identity, and on demand the connections. */
  async forget(connections: boolean): Promise<Forgotten | null> {
    return this.#end('forget_everything', { connections });
  }

  async #move<O extends 'choose_vault' | 'unlock_vault' | 'lock_vault'>(operation: O, args: Args<O>): Promise<boolean> {
    const view: Vault | null = await this.#changing.send(operation, args);
    if (!view) return false;
    this.view = view;
    await this.#changed();
    return true;
  }

  async #end<O extends 'sign_out_everywhere' | 'forget_everything'>(
    operation: O,
    args: Args<O>,
  ): Promise<Forgotten | null> {
    const forgotten: Reply<O> | null = await this.#changing.send(operation, args);
    if (!forgotten) return null;
    await this.read();
    await this.#changed();
    return forgotten;
  }

  /** Every identity may be another one now: the connections are read again, and the panels read the servers again. */
  async #changed(): Promise<void> {
    await workspace.reload();
    workspace.wrote();
  }
}

/** The one vault of the window. */
export const vault = new VaultDesk();
whenLocked(() => vault.settle());
