// Where secrets are kept, as the window knows it; and the question that comes up when an operation needs it.
import { asProblem, call, whenLocked } from './call';
import type { Forgotten, Problem, Vault, VaultKind } from './contract';
import { workspace } from './workspace.svelte';

class VaultDesk {
  /** Where secrets are kept; `null` until it was read. */
  view = $state.raw<Vault | null>(null);
  /** Why it could not be read or changed. */
  problem = $state.raw<Problem | null>(null);
  /** Whether something is under way. */
  busy = $state(false);
  #waiting: ((solved: boolean) => void)[] = [];

  /** Whether an operation waits for the answer, so that it goes on afterwards. */
  needed = $state(false);
  /** Whether opening is all there is to do: a place is chosen and closed. */
  locked: boolean = $derived(this.view?.state === 'locked');

  /** Reads where secrets are kept; `probe` asks the keychain anew. */
  async read(probe = false): Promise<void> {
    await this.#do(async () => {
      this.view = await call('read_vault', { probe });
    });
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
    this.problem = null;
    for (const tell of this.#waiting.splice(0)) tell(solved);
  }

  /** Chooses a place, and moves there what is kept. */
  choose(kind: VaultKind, passphrase: string | null): Promise<boolean> {
    return this.#change(async () => {
      this.view = await call('choose_vault', { kind, passphrase });
    });
  }

  /** Opens the passphrase vault. */
  unlock(passphrase: string): Promise<boolean> {
    return this.#change(async () => {
      this.view = await call('unlock_vault', { passphrase });
    });
  }

  /** Closes the passphrase vault. */
  lock(): Promise<boolean> {
    return this.#change(async () => {
      this.view = await call('lock_vault', {});
    });
  }

  /** Revokes and forgets every token. */
  signOut(): Promise<Forgotten | null> {
    return this.#end(() => call('sign_out_everywhere', {}));
  }

  /** Forgets every secret and identity, and on demand the connections. */
  forget(connections: boolean): Promise<Forgotten | null> {
    return this.#end(() => call('forget_everything', { connections }));
  }

  async #end(work: () => Promise<Forgotten>): Promise<Forgotten | null> {
    let forgotten: Forgotten | null = null;
    await this.#change(async () => {
      forgotten = await work();
      this.view = await call('read_vault', { probe: false });
    });
    return forgotten;
  }

  /** Changes something about every identity: the connections are read again, and panels read the world again. */
  async #change(work: () => Promise<void>): Promise<boolean> {
    const done = await this.#do(work);
    if (done) {
      await workspace.reload();
      workspace.wrote();
    }
    return done;
  }

  async #do(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** The one vault of the window. */
export const vault = new VaultDesk();
whenLocked(() => vault.settle());
