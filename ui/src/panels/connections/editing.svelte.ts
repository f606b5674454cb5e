// A connection being changed by hand: all of its fields as typed, what differs, and where a refusal belongs.
import type { Colour, Connection, Connections, EditConnection, Environment, Problem, Transport } from '../../contract';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';

/** The colours there are, in the order of the spectrum from its end. */
export const colours: readonly Colour[] = ['red', 'orange', 'green', 'teal', 'blue', 'violet', 'grey'];

/** A field of the form. */
export type FieldName = 'name' | 'prism_url' | 'glint_url' | 'provider_client_id' | 'ca_file' | 'redirect_ports';

/** How servers are reached, as typed. */
export class TransportDraft {
  /** File of certificate authorities; empty: none. */
  caFile = $state('');
  /** Whether the system's proxy is used. */
  systemProxy = $state(false);
  /** Ports, with commas between them; empty: the usual three. */
  ports = $state('');

  /** Takes over what is saved. */
  take(transport: Transport): void {
    this.caFile = transport.ca_file ?? '';
    this.systemProxy = transport.system_proxy;
    this.ports = transport.redirect_ports.join(', ');
  }

  /** Whether anything differs from the usual. */
  get used(): boolean {
    return this.caFile.trim() !== '' || this.systemProxy || this.ports.trim() !== '';
  }

  /** As the engine takes it, which reads the ports. */
  value(): Transport {
    return {
      ca_file: this.caFile.trim() || null,
      system_proxy: this.systemProxy,
      redirect_ports: [],
      typed_ports: this.ports,
    };
  }

  /** Whether it differs from what is saved. */
  differs(saved: Transport): boolean {
    return (
      (this.caFile.trim() || null) !== saved.ca_file ||
      this.systemProxy !== saved.system_proxy ||
      this.ports.trim() !== saved.redirect_ports.join(', ')
    );
  }
}

/** The field a refusal names; `null`: it names none. */
export function fieldOf(problem: Problem, typed: Record<FieldName, string>): FieldName | null {
  return problem.related.find((one): one is FieldName => one in typed) ?? null;
}

/** A connection nobody has saved yet, with what is known of it already. */
export function blank(known: Partial<Connection> = {}): Connection {
  return {
    id: '',
    name: '',
    environment: 'production',
    prism_url: '',
    glint_url: null,
    provider_client_id: null,
    identities: [],
    admin_identity: null,
    choices: {},
    colour: null,
    transport: { ca_file: null, system_proxy: false, redirect_ports: [] },
    read_only: true,
    confirms_writes: true,
    redirect_uris: [],
    saved: false,
    ...known,
  };
}

/** All fields of one connection as typed. */
export class Editing {
  /** As it is saved. */
  connection = $state.raw() as Connection;
  /** Its name. */
  name = $state('');
  /** What it is used for. */
  environment = $state<Environment>('production');
  /** Whether changes of its servers are refused; `null`: as usual for the environment. */
  readOnly = $state<boolean | null>(null);
  /** Its colour. */
  colour = $state<Colour | null>(null);
  /** Prism's address. */
  prism = $state('');
  /** Glint's address; empty: none. */
  glint = $state('');
  /** The provider's client id; empty: not known. */
  client = $state('');
  /** How it is reached. */
  transport = new TransportDraft();
  readonly #saving = new Request<'add_connection' | 'edit_connection'>('edit_connection', { writes: true });
  /** Whether it is being saved. */
  busy: boolean = $derived(this.#saving.busy);
  /** Why it was not saved. */
  problem: Problem | null = $derived(this.#saving.problem);

  constructor(connection: Connection) {
    this.connection = connection;
    this.name = connection.name;
    this.environment = connection.environment;
    this.colour = connection.colour;
    this.prism = connection.prism_url;
    this.glint = connection.glint_url ?? '';
    this.client = connection.provider_client_id ?? '';
    this.transport.take(connection.transport);
  }

  /** Whether it is not saved yet. */
  get isNew(): boolean {
    return this.connection.id === '';
  }

  /** Whether it will be read-only once saved: as the environment is, until somebody chooses otherwise. */
  get willBeReadOnly(): boolean {
    if (this.readOnly !== null) return this.readOnly;
    return this.isNew || this.environment !== this.connection.environment
      ? workspace.readOnlyEnvironments.includes(this.environment)
      : this.connection.read_only;
  }

  /** What was typed, by field. */
  typed: Record<FieldName, string> = $derived({
    name: this.name,
    prism_url: this.prism,
    glint_url: this.glint,
    provider_client_id: this.client,
    ca_file: this.transport.caFile,
    redirect_ports: this.transport.ports,
  });
  /** Whether an address differs, so that the credentials bound to it are forgotten. */
  moves: boolean = $derived(
    this.prism.trim() !== this.connection.prism_url || this.glint.trim() !== (this.connection.glint_url ?? ''),
  );
  /** What was refused, by field. */
  #sent = $state.raw<Record<FieldName, string> | null>(null);
  /** The field the refusal is about. */
  at: FieldName | null = $derived(this.problem && fieldOf(this.problem, this.#sent ?? this.typed));
  /** The refusal, if it is about this field and what stands there now. */
  refused(field: FieldName): Problem | null {
    return this.at === field && (this.#sent ?? this.typed)[field] === this.typed[field] ? this.problem : null;
  }

  /** Only what differs; `null`: nothing does. A client id goes as typed: a blank at its end is a fact. */
  changes(): EditConnection | null {
    const { connection } = this;
    const edit: EditConnection = { connection: connection.id };
    if (this.name.trim() !== connection.name) edit.name = this.name.trim();
    if (this.environment !== connection.environment) edit.environment = this.environment;
    if (this.readOnly !== null && (this.isNew || this.readOnly !== connection.read_only))
      edit.read_only = this.readOnly;
    if (this.colour === null && connection.colour !== null) edit.no_colour = true;
    else if (this.colour !== connection.colour) edit.colour = this.colour;
    if (this.prism.trim() !== connection.prism_url) edit.prism_url = this.prism.trim();
    if (this.glint.trim() !== (connection.glint_url ?? '')) edit.glint_url = this.glint.trim();
    if (this.client !== (connection.provider_client_id ?? '')) edit.provider_client_id = this.client;
    if (this.transport.differs(connection.transport)) edit.transport = this.transport.value();
    return this.isNew || Object.keys(edit).length > 1 ? edit : null;
  }

  #add(): Promise<Connections | null> {
    return this.#saving.send('add_connection', {
      name: this.name.trim(),
      environment: this.environment,
      prism_url: this.prism.trim(),
      glint_url: this.glint.trim() || null,
      provider_client_id: this.client || null,
      colour: this.colour,
      read_only: this.readOnly,
      transport: this.transport.value(),
    });
  }

  /** Saves what differs; answers whether it was taken. */
  async save(): Promise<boolean> {
    const edit = this.changes();
    if (!edit || this.busy) return false;
    const shown = workspace.active?.id;
    this.#sent = { ...this.typed };
    const saved = await (this.isNew ? this.#add() : this.#saving.send('edit_connection', edit));
    if (!saved) return false;
    if (this.isNew) workspace.showAdded(saved.connections, shown);
    else workspace.setConnections(saved.connections);
    workspace.storeProblems = saved.problems;
    return true;
  }
}
