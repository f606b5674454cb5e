// What is being done with the identities of one connection: a form to add one, a question before one goes, and the result.
import type { Args, Reply } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { Identity, IdentityReport, IdentityWay, Problem } from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';

/** A way to add an identity. */
export type Way = IdentityWay;
/** The ways, in the order they are offered. */
export const ways: readonly Way[] = ['pat', 'client', 'sign_in', 'token'];

type Deed =
  | 'refresh_identity'
  | 'introspect_identity'
  | 'accept_identity'
  | 'use_admin_identity'
  | 'revoke_identity'
  | 'remove_identity';

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
  /** The request that gives a name. */
  readonly naming = new Request('rename_identity', { writes: true });
  /** The request of each identity, by its handle. */
  #requests = $state.raw<Readonly<Record<string, Request<Deed>>>>({});
  /** The identities something is under way with. */
  busy: readonly string[] = $derived(Object.keys(this.#requests).filter((id) => this.#requests[id]?.busy));

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
  async refresh(identity: Identity): Promise<void> {
    const words = workspace.words.identities;
    const report = await this.#send(identity, 'refresh_identity', {
      connection: this.at.id,
      identity: identity.id,
      force: true,
    });
    if (!report) return;
    await workspace.reload();
    this.#say(identity, {
      text: report.done ? words.refreshed(identity.label) : words.still(identity.label),
      tone: 'pass',
      report,
      problems: report.problems,
    });
  }

  /** Asks the server what the token is, now. */
  async introspect(identity: Identity): Promise<void> {
    const words = workspace.words.identities;
    const report = await this.#send(identity, 'introspect_identity', this.#of(identity));
    if (!report) return;
    await workspace.reload();
    this.#say(identity, {
      text: report.done ? words.active('Prism') : words.inactive('Prism'),
      tone: report.done ? 'pass' : 'warn',
      report,
      problems: report.problems,
    });
  }

  /** Goes on with a token of another client. */
  async accept(identity: Identity): Promise<void> {
    await this.#list(identity, 'accept_identity', workspace.words.identities.goneOn(identity.label));
  }

  /** Chooses who administers. */
  async administer(identity: Identity): Promise<void> {
    await this.#list(identity, 'use_admin_identity', workspace.words.connections.nowAdmin(identity.label));
  }

  /** Gives another name; answers whether it has it. */
  async rename(identity: Identity, label: string): Promise<boolean> {
    const renamed = await this.naming.run({ ...this.#of(identity), label });
    if (!renamed) return false;
    workspace.setConnections(renamed.connections);
    this.at.show(workspace.words.connections.renamed(label));
    return true;
  }

  /** Revokes the tokens at the server and forgets them; answers whether it is gone. */
  async revoke(identity: Identity): Promise<boolean> {
    const words = workspace.words.identities;
    const revoked = await this.#send(identity, 'revoke_identity', this.#of(identity));
    if (!revoked) return false;
    const { connections, dead, problems } = revoked;
    workspace.setConnections(connections.connections);
    const text = dead === null ? words.revokedUnknown : dead ? words.revokedDead : words.revokedAlive;
    this.gone = { text: text(identity.label), tone: dead === false ? 'fail' : 'pass', report: null, problems };
    this.at.announce(this.gone.text);
    return true;
  }

  /** Forgets it here; answers whether it is gone. */
  async remove(identity: Identity): Promise<boolean> {
    const removed = await this.#list(
      identity,
      'remove_identity',
      workspace.words.connections.forgotten(identity.label),
    );
    if (removed) this.gone = null;
    return removed;
  }

  #of(identity: Identity): { connection: string; identity: string } {
    return { connection: this.at.id, identity: identity.id };
  }

  /** Runs an operation that returns the connections; `said` is shown when it was done. */
  async #list(
    identity: Identity,
    operation: 'accept_identity' | 'use_admin_identity' | 'remove_identity',
    said: string,
  ): Promise<boolean> {
    const reply = await this.#send(identity, operation, this.#of(identity));
    if (!reply) return false;
    workspace.setConnections(reply.connections);
    this.at.show(said);
    return true;
  }

  /** Runs one operation with one identity. Returns `null` when it was refused, or another one is under way with it. */
  async #send<O extends Deed>(identity: Identity, operation: O, args: Args<O>): Promise<Reply<O> | null> {
    const request = this.#requests[identity.id] ?? new Request<Deed>('introspect_identity', { writes: true });
    if (request.busy) return null;
    this.#requests = { ...this.#requests, [identity.id]: request };
    const reply = await request.send(operation, args);
    if (reply) this.dismiss(identity.id);
    else if (request.problem)
      this.said = {
        ...this.said,
        [identity.id]: { text: '', tone: 'fail', report: null, problems: [request.problem] },
      };
    return reply;
  }

  #say(identity: Identity, said: Said): void {
    this.said = { ...this.said, [identity.id]: said };
    this.at.announce(said.text);
  }
}
