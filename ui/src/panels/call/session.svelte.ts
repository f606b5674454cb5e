// What the test call panel holds for one connection: choices, typed values, answers. Leaving the panel keeps it.
import type { ConnectionContext } from '../../connectionContext.svelte';
import type {
  CallPreview,
  CallReport,
  Choice,
  Choices,
  Connection,
  Identity,
  Input,
  Lang,
  PathPrefixes,
  Problem,
  Route,
} from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import { archive, result } from './archive';
import { ChoiceLists } from './choices';
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

/** The test calls of one connection. */
export class CallSession {
  /** What is explained: a call that is sent, or a text. */
  mode = $state<'route' | 'diagnose' | 'access'>('route');
  readonly #listing = new Request('list_routes');
  readonly #previewing = new Request('preview_call');
  readonly #sending = new Request('test_call', { writes: true });
  readonly #retelling = new Request('diagnose_text');
  /** The provider's routes, in display order. */
  routes: Route[] = $derived(this.#listing.reply?.routes ?? []);
  /** What their paths begin with. */
  prefixes: PathPrefixes = $derived(this.#listing.reply?.prefixes ?? { all: '', most: '' });
  /** Why they could not be read. */
  routesProblem: Problem | null = $derived(this.#listing.problem);
  /** Filter of the route list. */
  filter = $state('');
  /** Whether the route list is open, where it takes the place of the form. */
  listing = $state(true);
  /** Route chosen. */
  routeId = $state<string | null>(null);
  /** Identity chosen; falls back to the first that can call. */
  identityId = $state<string | null>(null);
  /** The call under way. */
  running: Pick<Request<'test_call'>, 'slow' | 'stopping'> | null = $derived(this.#sending.busy ? this.#sending : null);
  /** Whether a write waits for the person's word. */
  asking = $state(false);

  #slots = $state<Record<string, string>>({});
  #picked = $state.raw<Record<string, Choice>>({});
  #answers = $state.raw<Record<string, Answered>>({});
  #last = $state.raw<Answered | null>(null);
  readonly #lists = new ChoiceLists();
  #serial = 0;

  constructor(readonly at: ConnectionContext) {}

  connection: Connection | null = $derived.by(() => this.at.connection);
  /** Identities that can call the provider, those that are meant for it first. */
  identities: Identity[] = $derived.by(() => {
    const able = this.connection?.identities.filter((one) => one.for_calls) ?? [];
    const meant = (one: Identity): boolean => one.kind === 'access_token';
    return [...able.filter(meant), ...able.filter((one) => !meant(one))];
  });
  identity: Identity | null = $derived(
    this.identities.find((one) => one.id === this.identityId) ?? this.identities[0] ?? null,
  );
  route: Route | null = $derived(this.routes.find((one) => one.id === this.routeId) ?? null);
  /** What is typed for the chosen route. */
  typed: Typed = $derived.by(() => {
    const route = this.route;
    if (!route) return {};
    return Object.fromEntries(
      [...route.inputs, ...narrowing(route)].map((input) => [input.name, this.#slots[slot(route, input)] ?? '']),
    );
  });
  /** The same as values. */
  wire: Wire = $derived(this.route ? wire(this.route, this.typed) : { values: {}, unreadable: [] });
  /** The answer to the chosen route as the chosen identity, if one was given in this run. */
  answer: Answered | null = $derived(this.#answers[this.#key()] ?? null);
  /** The last answer, when it belongs to another route or identity. */
  other: Answered | null = $derived(this.#last && this.#last !== this.answer ? this.#last : null);
  /** Why the chosen call could not be sent. */
  problem: Problem | null = $derived(
    this.#sending.asked && key(this.#sending.asked) === this.#key() ? this.#sending.problem : null,
  );
  /** The request as it would be sent; of values typed since, the last one. */
  preview: CallPreview | null = $derived.by(() => {
    const { answered, problem, reply } = this.#previewing;
    if (!this.connection || !this.route) return null;
    if (problem) return { curl: '', url: '', problems: [problem] };
    return answered?.route === this.route.id && answered.connection === this.connection.id ? reply : null;
  });

  #key(): string {
    return key({ identity: this.identity?.id ?? '', route: this.routeId ?? '' });
  }

  /** Reads the routes. */
  async readRoutes(): Promise<void> {
    await this.#listing.ensure({}, workspace.lang);
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
    const own =
      list && !list.seen_by && !list.problem ? list.choices.find((one) => !one.id.startsWith('personal:')) : undefined;
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

  /** What can be picked for an input, as the chosen identity sees it. `asksVault`: a person opened the list. */
  choices(input: Input, asksVault = false): Promise<Choices> {
    const { connection, identity, route } = this;
    if (!connection || !identity || !route || !isLive(input))
      return Promise.resolve({ choices: [], seen_by: null, problem: null });
    const chosen = (pick: Input['pick']): string | null =>
      pick === input.pick ? null : this.#slots[`pick ${pick}`] || null;
    const args = {
      connection: connection.id,
      identity: identity.id,
      pick: input.pick,
      team: chosen('team'),
      set: chosen('set'),
      todo: chosen('todo'),
    };
    return this.#lists.ask(args, [workspace.lang, this.at.revision], asksVault);
  }

  /** Asks what the request would look like. */
  async readPreview(): Promise<void> {
    const { connection, route } = this;
    if (connection && route)
      await this.#previewing.run({ connection: connection.id, route: route.id, values: this.wire.values });
  }

  /** Sends the call, unless something is missing; a write outside the sandbox asks first. */
  send(confirmed = false): void {
    const { connection, identity, route } = this;
    if (!connection || !identity || !route || this.running || this.wire.unreadable.length > 0) return;
    if (this.preview?.problems.some((problem) => problem.severity === 'refused')) return;
    if (route.writes && this.at.readOnly) return;
    if (route.writes && connection.confirms_writes && !confirmed) {
      this.asking = true;
      return;
    }
    this.asking = false;
    void this.#send(connection, identity, route);
  }

  async #send(connection: Connection, identity: Identity, route: Route): Promise<void> {
    const values = $state.snapshot(this.wire.values) as Record<string, unknown>;
    const { lang } = workspace;
    const { revision } = this.at;
    const sentAt = Date.now();
    const report = await this.#sending.run({
      connection: connection.id,
      identity: identity.id,
      route: route.id,
      values,
    });
    if (report)
      this.#keep(key({ identity: identity.id, route: route.id }), {
        report,
        route,
        identity,
        values,
        lang,
        sentAt,
        revision,
        serial: (this.#serial += 1),
      });
    else if (this.#sending.problem) this.at.announce(this.#sending.problem.message);
    if (route.writes) this.#lists.clear();
  }

  #keep(key: string, answered: Answered): void {
    this.#answers = { ...this.#answers, [key]: answered };
    this.#last = answered;
    const { diagnosis } = answered.report;
    const { parts, call: w } = workspace.words;
    this.at.announce(
      w.verdict.announce(
        diagnosis.status > 0 ? String(diagnosis.status) : parts.noAnswer,
        diagnosis.headline.replaceAll('`', ''),
        parts.certainty[diagnosis.certainty],
      ),
    );
  }

  /** Stops the call after the request in flight. */
  async stop(): Promise<void> {
    await this.#sending.stop();
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
    const kept = this.#key();
    const { lang } = workspace;
    if (!told || told.lang === lang) return;
    const { exchange, asked, diagnosis } = told.report;
    // Where it is refused the old sentences stay, and the verdict says which language they are in.
    const reply = await this.#retelling.run({
      text: archive(exchange, asked),
      format: 'har',
      method: null,
      url: null,
      status: null,
      entry: 0,
    });
    const again = reply?.subjects[0];
    if (!again || workspace.lang !== lang || this.#answers[kept] !== told || result(again) !== result(diagnosis))
      return;
    this.#answers = { ...this.#answers, [kept]: { ...told, lang, report: { ...told.report, diagnosis: again } } };
    if (this.#last === told) this.#last = this.#answers[kept] ?? null;
  }
}

/** What a call and its answer are kept under. */
function key({ identity, route }: { identity: string; route: string }): string {
  return `${identity} ${route}`;
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
