// What is being done with the identities of one connection: a form to add one, a question before one goes, and the result.
import { asProblem, call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Identity, IdentityReport, Problem } from '../../contract';
import { workspace } from '../../workspace.svelte';

/** A way to add an identity. */
export type Way = 'pat' | 'client' | 'sign_in' | 'token';
/** The ways, in the order they are offered. */
export const ways: readonly Way[] = ['pat', 'client', 'sign_in', 'token'];

/** The way that cures a refusal; `null`: another identity does not. */
export function wayFor(code: string): Way | null {
  if (/^identity\.none_for_(calls|teams)$/.test(code)) return 'sign_in';
  if (/^identity\.none_for_/.test(code)) return 'pat';
  return /^(identity|credential)\./.test(code) ? 'token' : null;
}

/** What one identity was asked and answered. */
export interface Said {
  /** The sentence. */
  text: string;
  tone: 'pass' | 'warn' | 'fail';
  report: IdentityReport | null;
  problems: Problem[];
}

/** What is being done with the identities of one connection. */
export class IdentityDeeds {
  /** The way an identity is being added by; `null`: the form is closed. */
  adding = $state.raw<Way | null>(null);
  /** The question that is open. */
  asking = $state.raw<{ deed: 'rename' | 'revoke' | 'remove'; identity: Identity } | null>(null);
  /** What was said about each identity, by its handle. */
  said = $state.raw<Readonly<Record<string, Said>>>({});
  /** What became of one that is gone. */
  gone = $state.raw<Said | null>(null);
  /** The identities something is under way with. */
  busy = $state.raw<readonly string[]>([]);

  constructor(readonly at: ConnectionContext) {}

  /** Opens the form. */
  add(way: Way): void {
    this.adding = way;
  }

  /** Closes the form. */
  close(): void {
    this.adding = null;
  }

  /** Puts a question. */
  ask(deed: 'rename' | 'revoke' | 'remove', identity: Identity): void {
    this.gone = null;
    this.asking = { deed, identity };
  }

  /** Takes an answer away. */
  dismiss(id: string): void {
    const { [id]: _gone, ...rest } = this.said;
    this.said = rest;
  }

  /** Gets a new access token. */
  refresh(identity: Identity): Promise<void> {
    const words = workspace.words.identities;
    return this.#report(identity, async () => {
      const report = await call('refresh_identity', { connection: this.at.id, identity: identity.id, force: true }, { asksVault: true });
      await workspace.reload();
      return { text: report.done ? words.refreshed(identity.label) : words.still(identity.label), tone: 'pass', report, problems: report.problems };
    });
  }

  /** Asks the server what the token is, now. */
  introspect(identity: Identity): Promise<void> {
    const words = workspace.words.identities;
    return this.#report(identity, async () => {
      const report = await call('introspect_identity', { connection: this.at.id, identity: identity.id }, { asksVault: true });
      await workspace.reload();
      return { text: report.done ? words.active('Prism') : words.inactive('Prism'), tone: report.done ? 'pass' : 'warn', report, problems: report.problems };
    });
  }

  /** Goes on with a token of another client. */
  async accept(identity: Identity): Promise<void> {
    await this.#report(identity, async () => {
      workspace.setConnections((await call('accept_identity', { connection: this.at.id, identity: identity.id }, { asksVault: true })).connections);
      this.at.show(workspace.words.identities.goneOn(identity.label));
      return null;
    });
  }

  /** Chooses who administers. */
  async administer(identity: Identity): Promise<void> {
    await this.#report(identity, async () => {
      workspace.setConnections((await call('use_admin_identity', { connection: this.at.id, identity: identity.id }, { asksVault: true })).connections);
      this.at.show(workspace.words.connections.nowAdmin(identity.label));
      return null;
    });
  }

  /** Gives another name. */
  async rename(identity: Identity, label: string): Promise<void> {
    workspace.setConnections((await call('rename_identity', { connection: this.at.id, identity: identity.id, label }, { asksVault: true })).connections);
    this.at.show(workspace.words.connections.renamed(label));
  }

  /** Revokes the tokens at the server and forgets them; answers whether it is gone. */
  async revoke(identity: Identity): Promise<boolean> {
    const words = workspace.words.identities;
    return this.#leave(identity, async () => {
      const { connections, dead, problems } = await call('revoke_identity', { connection: this.at.id, identity: identity.id }, { asksVault: true });
      workspace.setConnections(connections.connections);
      const text = dead === null ? words.revokedUnknown : dead ? words.revokedDead : words.revokedAlive;
      return { text: text(identity.label), tone: dead === false ? 'fail' : 'pass', report: null, problems };
    });
  }

  /** Forgets it here; answers whether it is gone. */
  async remove(identity: Identity): Promise<boolean> {
    return this.#leave(identity, async () => {
      workspace.setConnections((await call('remove_identity', { connection: this.at.id, identity: identity.id }, { asksVault: true })).connections);
      this.at.show(workspace.words.connections.forgotten(identity.label));
      return null;
    });
  }

  async #leave(identity: Identity, work: () => Promise<Said | null>): Promise<boolean> {
    let left = false;
    await this.#report(identity, async () => {
      this.gone = await work();
      if (this.gone) this.at.announce(this.gone.text);
      left = true;
      return null;
    });
    return left;
  }

  async #report(identity: Identity, work: () => Promise<Said | null>): Promise<void> {
    this.busy = [...this.busy, identity.id];
    try {
      const said = await work();
      this.dismiss(identity.id);
      if (said) {
        this.said = { ...this.said, [identity.id]: said };
        this.at.announce(said.text);
      }
    } catch (error) {
      this.said = { ...this.said, [identity.id]: { text: '', tone: 'fail', report: null, problems: [asProblem(error)] } };
    } finally {
      this.busy = this.busy.filter((id) => id !== identity.id);
    }
  }
}
