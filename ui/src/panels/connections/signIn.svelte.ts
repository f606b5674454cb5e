// A sign-in with the system browser at one connection, from what it needs to what was granted.
import { asProblem, call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { DroppedScope, Identity, Problem, RedirectUri, SignedIn, SignInStep } from '../../contract';
import { Ask } from '../../parts/ask.svelte';
import { debounce } from '../../parts/debounce';
import { live } from '../../parts/live.svelte';
import { clip, shown } from '../../parts/text';
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
  /** Why it was refused. */
  problem = $state.raw<Problem | null>(null);
  /** Why the pasted redirect was not taken. */
  pasteProblem = $state.raw<Problem | null>(null);
  /** What looked odd when a client was registered, or why it was not. */
  registered = $state.raw<Problem[]>([]);
  /** What a sign-in here takes. */
  plan = new Ask('prepare_sign_in');

  #job = '';
  #begun = false;
  #seen = false;
  #runs = 0;
  #prepare = debounce(() => void this.plan.run({ connection: this.at.id, client_id: this.clientId || null, scopes: scopesIn(this.scopes) }), 400);

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
    this.registered = [];
    this.again();
    this.useBuilt();
  }

  /** As whom, or through which client, somebody is signed in. */
  who(identity: Identity): string {
    const words = workspace.words.signIn;
    return identity.user_name ? words.signedIn(clip(shown(identity.user_name), 60)) : words.signedInThrough(clip(shown(identity.client_name ?? identity.label), 60));
  }

  /** The result was looked at and put away; the next time the form comes up. */
  see(): void {
    this.#seen = true;
  }

  /** Back to the form, with everything that was typed. */
  again(): void {
    this.step = 'form';
    this.result = this.problem = this.waiting = null;
    this.prepare();
  }

  /** Takes the list of the scope builder, and its consumer where none is chosen. */
  useBuilt(): void {
    const { list, consumerId } = this.builder;
    if (!list.length) return;
    this.scopes = list.join(' ');
    if (!this.clientId) this.clientId = consumerId;
  }

  /** Asks what it takes, a moment after the last change. */
  prepare(): void {
    this.#prepare();
  }

  /** Opens the browser and waits. Answers whether it ended with an identity. */
  async start(secret: string | null): Promise<boolean> {
    const job = (this.#job = `sign-in-${(this.#runs += 1)}`);
    this.step = 'starting';
    this.problem = this.pasteProblem = null;
    try {
      const args = { connection: this.at.id, client_id: this.clientId, client_secret: secret, scopes: scopesIn(this.scopes), label: this.label.trim() || null, open_browser: true };
      const result = await call('sign_in', args, { asksVault: true, job, onProgress: (step) => job === this.#job && this.#told(step) });
      await workspace.reload();
      if (job !== this.#job) return false;
      this.result = result;
      this.step = 'done';
      this.#seen = false;
      this.#tellElsewhere(this.who(result.identity));
      return true;
    } catch (error) {
      if (job === this.#job) {
        this.problem = asProblem(error);
        this.step = 'form';
        this.#tellElsewhere(this.problem.message);
      }
      return false;
    } finally {
      if (job === this.#job) this.waiting = null;
    }
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
    try {
      const { client_id, problems } = await call('register_client', { connection: this.at.id, name: 'Spectroscope', scopes: scopesIn(this.scopes) }, { asksVault: true });
      await workspace.reload();
      this.clientId = client_id;
      this.registered = problems;
    } catch (error) {
      this.registered = [asProblem(error)];
    }
  }

  /** Ends the wait; nothing was signed in. */
  cancel(): void {
    const job = this.#job;
    this.#job = '';
    this.step = 'form';
    this.waiting = null;
    void call('cancel_job', { job }).catch(() => {});
  }

  /** Opens the address once more. */
  async reopen(): Promise<void> {
    if (!this.waiting) return;
    try {
      await call('open_url', { url: this.waiting.authorization_url });
      this.pasteProblem = null;
    } catch (error) {
      this.pasteProblem = asProblem(error);
    }
  }

  /** Hands in the address the browser was sent to. */
  async finish(redirect: string): Promise<boolean> {
    try {
      await call('finish_sign_in', { redirect }, { asksVault: true });
      this.pasteProblem = null;
      return true;
    } catch (error) {
      this.pasteProblem = asProblem(error);
      return false;
    }
  }
}
