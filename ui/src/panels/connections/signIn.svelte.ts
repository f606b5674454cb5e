// A sign-in with the system browser at one connection, from what it needs to what was granted.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { DroppedScope, Identity, Problem, RedirectUri, SignedIn, SignInStep } from '../../contract';
import { live } from '../../parts/live.svelte';
import { clip, shown } from '../../parts/text';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import type { Builder } from '../scopes/builder.svelte';

/** Where the cure for a scope that was not granted is; by Prism's word. */
export function cureOf(dropped: DroppedScope): 'rules' | 'definitions' | 'scopes' {
  if (dropped.reason === 'app_denied') return 'rules';
  return dropped.reason === 'target_missing' ? 'definitions' : 'scopes';
}

/** How a redirect URI stands: it can be used, is taken, is not registered, or nobody knows. */
export function standing(uri: RedirectUri): 'ready' | 'taken' | 'missing' | 'unknown' {
  if (!uri.free) return 'taken';
  if (uri.registered === null) return 'unknown';
  return uri.registered ? 'ready' : 'missing';
}

/** The scopes in a text, each once, in order. */
export function scopesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,"'[\]]+/).filter(Boolean))];
}

/** The sign-in of one connection. */
export class SignInFlow {
  /** The consumer to sign in through. */
  clientId = $state('');
  /** Whether the consumer has a secret. */
  confidential = $state(false);
  /** Scopes to ask for, as typed. */
  scopes = $state('');
  /** What to call the identity; empty: told by the server. */
  label = $state('');
  /** Where it is. */
  step = $state<'form' | 'starting' | 'waiting' | 'exchanging' | 'done'>('form');
  /** What the browser was opened with, while it is waited for. */
  waiting = $state.raw<Extract<SignInStep, { step: 'waiting' }> | null>(null);
  /** What was granted. */
  result = $state.raw<SignedIn | null>(null);
  readonly #signing = new Request('sign_in', { writes: true, secret: true, ondrop: () => void workspace.reload() });
  readonly #registering = new Request('register_client', { writes: true });
  readonly #helping = new Request<'open_url' | 'finish_sign_in'>('finish_sign_in', { writes: true, secret: true });
  /** Why it was refused. */
  problem: Problem | null = $derived(this.#signing.problem);
  /** Why the browser was not opened, or the pasted redirect not accepted. */
  pasteProblem: Problem | null = $derived(this.#helping.problem);
  /** Whether a pasted redirect is being read. */
  pasting: boolean = $derived(this.#helping.busy);
  /** What looked odd when a client was registered, or why it was not. */
  registered: Problem[] = $derived(
    this.#registering.problem ? [this.#registering.problem] : (this.#registering.reply?.problems ?? []),
  );
  /** What a sign-in here takes. */
  readonly plan = new Request('prepare_sign_in');

  #begun = false;
  #seen = false;

  constructor(
    readonly at: ConnectionContext,
    readonly builder: Builder,
  ) {}

  /** Whether it goes on by itself now: the browser is opened or waited for, or the code is exchanged. */
  underWay: boolean = $derived(this.step !== 'form' && this.step !== 'done');

  /** Opens the form: the first time, and after a result that was looked at. What was typed stays. */
  open(): void {
    if (this.#begun && (this.step !== 'done' || !this.#seen)) return;
    this.#begun = true;
    this.clientId = '';
    this.label = '';
    this.plan.clear();
    this.#registering.clear();
    this.again();
    this.useBuilt();
  }

  /** As whom, or through which client, somebody is signed in. */
  who(identity: Identity): string {
    const words = workspace.words.signIn;
    return identity.user_name
      ? words.signedIn(clip(shown(identity.user_name), 60))
      : words.signedInThrough(clip(shown(identity.client_name ?? identity.label), 60));
  }

  /** The result was looked at and put away; the next time the form comes up. */
  see(): void {
    this.#seen = true;
  }

  /** Back to the form, with everything that was typed. */
  again(): void {
    this.step = 'form';
    this.result = this.waiting = null;
    this.#signing.dismiss();
  }

  /** Takes the list of the scope builder, and its consumer where none is chosen. */
  useBuilt(): void {
    const { list, consumerId } = this.builder;
    if (!list.length) return;
    this.scopes = list.join(' ');
    if (!this.clientId) this.clientId = consumerId;
  }

  /** Asks what it takes. */
  async prepare(): Promise<void> {
    await this.plan.run({ connection: this.at.id, client_id: this.clientId || null, scopes: scopesIn(this.scopes) });
  }

  /** Opens the browser and waits. Answers whether it ended with an identity. */
  async start(secret: string | null): Promise<boolean> {
    if (this.#signing.busy) return false;
    this.step = 'starting';
    this.#signing.dismiss();
    this.#helping.dismiss();
    const args = {
      connection: this.at.id,
      client_id: this.clientId,
      client_secret: secret,
      scopes: scopesIn(this.scopes),
      label: this.label.trim() || null,
      open_browser: true,
    };
    const result = await this.#signing.run(args, (step) => this.#told(step));
    // A cancelled one ended at once.
    if (!result && !this.#signing.problem) return false;
    if (result) await workspace.reload();
    if (!this.underWay) return false;
    this.waiting = null;
    this.step = result ? 'done' : 'form';
    this.result = result;
    this.#seen = false;
    this.#tellElsewhere(result ? this.who(result.identity) : (this.problem?.message ?? ''));
    return result !== null;
  }

  /** Says what came of it to somebody who looks at another connection, whose form takes its place. */
  #tellElsewhere(what: string): void {
    const name = this.at.connection?.name;
    if (!this.at.active && name !== undefined) live.show(workspace.words.signIn.endedAt(clip(shown(name), 40), what));
  }

  #told(step: SignInStep): void {
    this.step = step.step;
    if (step.step === 'waiting') this.waiting = step;
  }

  /** Registers a client for this console and chooses it. */
  async register(): Promise<void> {
    const client = await this.#registering.run({
      connection: this.at.id,
      name: 'Spectroscope',
      scopes: scopesIn(this.scopes),
    });
    if (!client) return;
    await workspace.reload();
    this.clientId = client.client_id;
  }

  /** Ends the wait; nothing was signed in. */
  cancel(): void {
    this.#signing.abandon();
    this.step = 'form';
    this.waiting = null;
  }

  /** Opens the address once more. */
  async reopen(): Promise<void> {
    if (this.waiting) await this.#helping.send('open_url', { url: this.waiting.authorization_url });
  }

  /** Hands in the address the browser was sent to. */
  async finish(redirect: string): Promise<boolean> {
    return (await this.#helping.send('finish_sign_in', { redirect })) !== null;
  }
}
