// What the test call panel holds for one connection: choices, typed values, answers. Leaving the panel keeps it.
import { asProblem, call } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { CallPreview, CallReport, Choice, Choices, Connection, Identity, Input, Lang, Problem, Route } from '../../contract';
import { workspace } from '../../workspace.svelte';
import { archive, result } from './archive';
import { isLive, narrowing, wire, type Typed, type Wire } from './routes';

/** One answered call with what it was sent with. */
export interface Answered {
  report: CallReport;
  route: Route;
  identity: Identity;
  values: Record<string, unknown>;
  /** Language of its sentences. */
  lang: Lang;
  /** Unix milliseconds. */
  sentAt: number;
  /** The revision of its connection when it was sent. */
  revision: number;
  /** Counts up: a new answer lets the light run once more. */
  serial: number;
}

/** The call that is under way. */
export interface Running {
  job: string;
  /** Whether it takes longer than 300 ms, so that it is worth showing. */
  slow: boolean;
  stopping: boolean;
}

/** The test calls of one connection. */
export class CallSession {
  /** What is explained: a call that is sent, or a text. */
  mode = $state<'route' | 'diagnose' | 'access'>('route');
  /** The provider's routes, in display order. */
  routes = $state.raw<Route[]>([]);
  /** Why they could not be read. */
  routesProblem = $state.raw<Problem | null>(null);
  /** Filter of the route list. */
  filter = $state('');
  /** Whether the route list is open, where it takes the place of the form. */
  listing = $state(true);
  /** Route chosen. */
  routeId = $state<string | null>(null);
  /** Identity chosen; falls back to the first that can call. */
  identityId = $state<string | null>(null);
  /** The request as it would be sent, for the values typed now. */
  preview = $state.raw<CallPreview | null>(null);
  /** The call under way. */
  running = $state<Running | null>(null);
  /** Whether a write waits for the person's word. */
  asking = $state(false);
  /** Why the last call could not even be sent. */
  refused = $state.raw<{ key: string; problem: Problem } | null>(null);

  #slots = $state<Record<string, string>>({});
  #picked = $state.raw<Record<string, Choice>>({});
  #answers = $state.raw<Record<string, Answered>>({});
  #last = $state.raw<Answered | null>(null);
  #lists = new Map<string, Promise<Choices>>();
  #serial = 0;

  constructor(readonly at: ConnectionContext) {}

  connection: Connection | null = $derived.by(() => this.at.connection);
  /** Identities that can call the provider, those that are meant for it first. */
  identities: Identity[] = $derived.by(() => {
    const able = this.connection?.identities.filter((one) => one.for_calls) ?? [];
    const meant = (one: Identity): boolean => one.kind === 'access_token';
    return [...able.filter(meant), ...able.filter((one) => !meant(one))];
  });
  identity: Identity | null = $derived(this.identities.find((one) => one.id === this.identityId) ?? this.identities[0] ?? null);
  route: Route | null = $derived(this.routes.find((one) => one.id === this.routeId) ?? null);
  /** What is typed for the chosen route. */
  typed: Typed = $derived.by(() => {
    const route = this.route;
    if (!route) return {};
    return Object.fromEntries([...route.inputs, ...narrowing(route)].map((input) => [input.name, this.#slots[slot(route, input)] ?? '']));
  });
  /** The same as values. */
  wire: Wire = $derived(this.route ? wire(this.route, this.typed) : { values: {}, unreadable: [] });
  /** The answer to the chosen route as the chosen identity, if one was given in this run. */
  answer: Answered | null = $derived(this.#answers[this.#key()] ?? null);
  /** The last answer, when it belongs to another route or identity. */
  other: Answered | null = $derived(this.#last && this.#last !== this.answer ? this.#last : null);
  /** Why the chosen call could not be sent. */
  problem: Problem | null = $derived(this.refused?.key === this.#key() ? this.refused.problem : null);

  #key(): string {
    return [this.identity?.id, this.routeId].join(' ');
  }

  /** Reads the routes. */
  async readRoutes(): Promise<void> {
    try {
      this.routes = (await call('list_routes', {})).routes;
      this.routesProblem = null;
    } catch (error) {
      this.routesProblem = asProblem(error);
    }
  }

  /** The picked entry behind a value, if the value was picked and not typed. */
  pickedFor(input: Input): Choice | null {
    if (!this.route) return null;
    const choice = this.#picked[slot(this.route, input)];
    return choice && choice.id === this.typed[input.name] ? choice : null;
  }

  /** Puts a value into the form; a picked one empties what was picked below it. */
  put(input: Input, text: string, choice: Choice | null = null): void {
    const route = this.route;
    if (!route) return;
    const at = slot(route, input);
    const changed = this.#slots[at] !== text;
    this.#slots[at] = text;
    if (input.pick === 'team') this.#suggested = null;
    const picked = { ...this.#picked };
    if (choice) picked[at] = choice;
    else delete picked[at];
    if (changed) for (const below of dependents[input.pick] ?? []) this.#forget(`pick ${below}`, picked);
    this.#picked = picked;
    this.asking = false;
  }

  /** Fills in the first team the chosen identity is in, so that a call takes one press; a team somebody chose stays. */
  async suggestTeam(): Promise<void> {
    const { identity, route } = this;
    const input = route?.inputs.find((one) => one.pick === 'team' && one.place === 'path');
    if (!route || !input) return;
    const at = slot(route, input);
    const open = () => !this.#slots[at] || this.#slots[at] === this.#suggested;
    if (!open()) return;
    const list = await this.choices(input).catch(() => null);
    const own = list && !list.seen_by && !list.problem ? list.choices.find((one) => !one.id.startsWith('personal:')) : undefined;
    if (!own || !open() || this.identity?.id !== identity?.id || this.route !== route) return;
    if (this.#slots[at] !== own.id) this.put(input, own.id, own);
    this.#suggested = own.id;
  }
  #suggested: string | null = null;

  #forget(at: string, picked: Record<string, Choice>): void {
    if (!picked[at]) return;
    delete picked[at];
    this.#slots[at] = '';
  }

  /** What can be picked for an input, as the chosen identity sees it; asked once until something changes. `asksVault`: a person opened the list. */
  choices(input: Input, asksVault = false): Promise<Choices> {
    const { connection, identity, route } = this;
    if (!connection || !identity || !route || !isLive(input)) return Promise.resolve({ choices: [], seen_by: null, problem: null });
    const chosen = (pick: Input['pick']): string | null => (pick === input.pick ? null : this.#slots[`pick ${pick}`] || null);
    const args = { connection: connection.id, identity: identity.id, pick: input.pick, team: chosen('team'), set: chosen('set'), todo: chosen('todo') };
    const key = JSON.stringify([args, workspace.lang, this.at.revision]);
    const known = this.#lists.get(key);
    if (known) return known;
    const asked = call('list_choices', args, { asksVault });
    this.#lists.set(key, asked);
    asked.then(
      (list) => list.problem && this.#lists.delete(key),
      () => this.#lists.delete(key),
    );
    return asked;
  }

  /** Asks what the request would look like; a later question overtakes an earlier one. */
  async readPreview(): Promise<void> {
    const { connection, route } = this;
    const asked = ++this.#previews;
    if (!connection || !route) {
      this.preview = null;
      return;
    }
    let preview: CallPreview | null = null;
    try {
      preview = await call('preview_call', { connection: connection.id, route: route.id, values: this.wire.values });
    } catch (error) {
      preview = { curl: '', url: '', problems: [asProblem(error)] };
    }
    if (asked === this.#previews) this.preview = preview;
  }
  #previews = 0;

  /** Sends the call, unless something is missing; a write outside the sandbox asks first. */
  send(confirmed = false): void {
    const { connection, identity, route } = this;
    if (!connection || !identity || !route || this.running || this.wire.unreadable.length > 0) return;
    if (this.preview?.problems.some((problem) => problem.severity === 'refused')) return;
    if (route.writes && this.at.readOnly) return;
    if (route.writes && connection.environment !== 'sandbox' && !confirmed) {
      this.asking = true;
      return;
    }
    this.asking = false;
    void this.#send(connection, identity, route);
  }

  async #send(connection: Connection, identity: Identity, route: Route): Promise<void> {
    const key = this.#key();
    const values = $state.snapshot(this.wire.values) as Record<string, unknown>;
    const { lang } = workspace;
    const { revision } = this.at;
    const job = `call-${++this.#serial}`;
    this.running = { job, slow: false, stopping: false };
    const timer = setTimeout(() => this.running && (this.running.slow = true), 300);
    const sentAt = Date.now();
    try {
      const report = await call('test_call', { connection: connection.id, identity: identity.id, route: route.id, values }, { asksVault: true, job });
      this.#keep(key, { report, route, identity, values, lang, sentAt, revision, serial: this.#serial });
      this.refused = null;
    } catch (error) {
      const problem = asProblem(error);
      this.refused = { key, problem };
      this.at.announce(problem.message);
    } finally {
      clearTimeout(timer);
      this.running = null;
      if (route.writes) this.#lists.clear();
    }
  }

  #keep(key: string, answered: Answered): void {
    this.#answers = { ...this.#answers, [key]: answered };
    this.#last = answered;
    const { diagnosis } = answered.report;
    const { parts, call: w } = workspace.words;
    this.at.announce(w.verdict.announce(diagnosis.status > 0 ? String(diagnosis.status) : parts.noAnswer, diagnosis.headline.replaceAll('`', ''), parts.certainty[diagnosis.certainty]));
  }

  /** Stops the call after the request in flight. */
  async stop(): Promise<void> {
    if (!this.running || this.running.stopping) return;
    this.running.stopping = true;
    try {
      await call('cancel_job', { job: this.running.job });
    } catch {
      // The call has ended meanwhile; its own answer says how.
    }
  }

  /** Goes back to the route and identity of the last answer. */
  showLast(): void {
    if (!this.#last) return;
    this.listing = false;
    this.identityId = this.#last.identity.id;
    this.routeId = this.#last.route.id;
  }

  /**
   * Explains the shown answer in the language now in force, from its own exchanges and without sending anything.
   * The new explanation is taken only if it comes to the very same result.
   */
  async retell(): Promise<void> {
    const told = this.answer;
    const key = this.#key();
    const { lang } = workspace;
    if (!told || told.lang === lang) return;
    const { exchange, asked, diagnosis } = told.report;
    try {
      const text = archive(exchange, asked);
      const { subjects } = await call('diagnose_text', { text, format: 'har', method: null, url: null, status: null, entry: 0 });
      const again = subjects[0];
      if (!again || workspace.lang !== lang || this.#answers[key] !== told || result(again) !== result(diagnosis)) return;
      this.#answers = { ...this.#answers, [key]: { ...told, lang, report: { ...told.report, diagnosis: again } } };
      if (this.#last === told) this.#last = this.#answers[key] ?? null;
    } catch {
      // The old sentences stay, and the verdict says which language they are in.
    }
  }
}

/** What is emptied when a value above it changes. */
const dependents: Partial<Record<Input['pick'], Input['pick'][]>> = {
  team: ['set', 'todo', 'comment', 'user'],
  set: ['todo', 'comment'],
  todo: ['comment'],
};

/** Where a value is kept: places in the path are shared by all routes, everything else belongs to its route. */
function slot(route: Route, input: Input): string {
  return isLive(input) && input.place === 'path' ? `pick ${input.pick}` : `${route.id} ${input.name}`;
}
