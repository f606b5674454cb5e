// Generated from the operations of the engine. Rewrite with `cargo xtask bless`.

/**
 * One thing an identity can or cannot do, by the measured matrix.
 */
export type Ability = { 
/**
 * Stable id: `read_apps`, `write_apps`, `definitions`, `rules`, `call_glint`, `read_teams`.
 */
id: string, 
/**
 * What it is, in words.
 */
title: string, 
/**
 * Whether this identity can, as far as known.
 */
can: boolean, 
/**
 * Whether that is certain; otherwise `note` names the condition that was not observed.
 */
known: boolean, 
/**
 * Why not, or under which condition; may be empty.
 */
note: string, };

/**
 * Goes on with a token that was issued to another client than it is used for: the answer "continue" to the app token
 * warning. `remove_identity` is the answer "discard".
 */
export type AcceptIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, };

/**
 * What becomes of a call.
 */
export type Access = "allowed" | "own_only" | "denied" | "unknown";

/**
 * Foretells every route for one identity, by evidence that changes nothing.
 */
export type AccessMatrix = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * Team id or personal space; without it the first one Glint lists for this user.
 */
team: string | null, 
/**
 * Set id; without it whatever holds for the whole team.
 */
set: string | null, 
/**
 * Whether to send every read, too, and put what it shows beside what was foretold.
 */
prove: boolean, };

/**
 * Whether no allow rule exists, or only the listed pass.
 */
export type AccessMode = "open" | "allow_list";

/**
 * The rules with their effect.
 */
export type AccessReview = { 
/**
 * All rules, staged ones marked, `app_*` first.
 */
rules: Array<RuleView>, 
/**
 * Who may request: every known consumer, then anybody else.
 */
consumers: Array<Effect>, 
/**
 * Who may register: every known person, then anybody else.
 */
people: Array<Effect>, 
/**
 * Mode for consumers today.
 */
app_mode: AccessMode, 
/**
 * Mode for consumers after saving.
 */
app_mode_after: AccessMode, 
/**
 * Mode for people today.
 */
owner_mode: AccessMode, 
/**
 * Mode for people after saving.
 */
owner_mode_after: AccessMode, 
/**
 * Lockouts and other consequences, heaviest first.
 */
warnings: Array<Problem>, 
/**
 * What saving will not do (live tokens go on, registered scopes stay, POST is unchecked).
 */
limits: Array<string>, 
/**
 * Why the change cannot be saved, if so.
 */
blocked: Problem | null, 
/**
 * Fingerprint of the live rules; saving refuses when they moved.
 */
base: string, 
/**
 * The identity that reads and writes, in words.
 */
acts_as: string | null, };

/**
 * One route, or one of its body fields where that has scopes or permissions of its own.
 */
export type AccessRow = { 
/**
 * Route id.
 */
route: string, 
/**
 * The body field this row is about.
 */
field: string | null, 
/**
 * Verb.
 */
method: string, 
/**
 * Path with `:name` parts.
 */
path: string, 
/**
 * Group of the route.
 */
group: string, 
/**
 * Whether it changes something: never sent as a proof.
 */
writes: boolean, 
/**
 * Whether a real call may prove it: a read that changes nothing and ends.
 */
provable: boolean, 
/**
 * What is foretold.
 */
access: Access, 
/**
 * How sure, never proven.
 */
certainty: Certainty, 
/**
 * The gate that would stop it.
 */
gate: string | null, 
/**
 * Reason code it would be refused with; `allowed` otherwise.
 */
cause: string, 
/**
 * The code behind it.
 */
because: string | null, 
/**
 * The reason in one sentence; empty when allowed.
 */
headline: string, 
/**
 * What is missing.
 */
needs: Needs, 
/**
 * The cure.
 */
remedies: Array<Remedy>, 
/**
 * The gates in their order.
 */
gates: Array<RowGate>, 
/**
 * What a real call showed, if one was made.
 */
observed: Observed | null, };

/**
 * What an import does with one scope.
 */
export type Action = "create" | "update" | "delete" | "unchanged" | "only_at_prism";

/**
 * Everything done in this run, newest first.
 */
export type Activity = { 
/**
 * Entries.
 */
entries: Array<ActivityEntry>, };

/**
 * One thing the console did.
 */
export type ActivityEntry = { 
/**
 * Counts up.
 */
id: number, 
/**
 * Unix milliseconds.
 */
at: number, 
/**
 * Name of the connection.
 */
connection: string, 
/**
 * Identity in words.
 */
identity: string, 
/**
 * Operation, e.g. `apply_import`.
 */
operation: string, 
/**
 * One sentence.
 */
summary: string, 
/**
 * Per item: what, and what became of it.
 */
items: Array<ActivityItem>, 
/**
 * Whether every item was verified.
 */
complete: boolean, };

/**
 * One item of an [`ActivityEntry`].
 */
export type ActivityItem = { 
/**
 * Scope or rule target.
 */
subject: string, 
/**
 * What was done, in words.
 */
action: string, 
/**
 * What became of it.
 */
state: RowState, 
/**
 * Before and after, one line per field.
 */
changes: Array<FieldDiff>, 
/**
 * Why it was refused.
 */
problem: Problem | null, };

/**
 * Who has to act.
 */
export type Actor = "consumer_developer" | "provider_owner" | "end_user" | "team_admin" | "authorization_server_admin" | "operator";

/**
 * Adds a connection found before. Saved without secrets.
 */
export type AddConnection = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is used for.
 */
environment: Environment, 
/**
 * Prism's address.
 */
prism_url: string, 
/**
 * Who named it; with `configuration` every credential is refused until Prism's address is edited, which names it.
 */
prism_named_by?: NamedBy, 
/**
 * Glint's address.
 */
glint_url: string | null, 
/**
 * The provider's client id.
 */
provider_client_id: string | null, 
/**
 * A colour people know it by.
 */
colour?: Colour | null, 
/**
 * How it is reached.
 */
transport?: Transport, 
/**
 * Whether it is for this run only and never saved.
 */
unsaved?: boolean, 
/**
 * Whether changes of its servers are refused; absent: in production only.
 */
read_only?: boolean | null, };

/**
 * Takes a credential in, keeps it in the vault, and never hands it out again.
 */
export type AddIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * What to call it; `None` derives a name from what the servers say.
 */
label: string | null, 
/**
 * The credential as pasted; for client credentials `client_id:client_secret`.
 */
secret: string, 
/**
 * Its kind; `None` tells it from its form.
 */
kind: CredentialKind | null, 
/**
 * The client it is used for; a token issued to another one is flagged.
 */
used_for?: string | null, };

/**
 * A credential that was taken in.
 */
export type AddedIdentity = { 
/**
 * The identity.
 */
identity: Identity, 
/**
 * What looks odd: blanks, dead token, issued to another client.
 */
problems: Array<Problem>, };

/**
 * Another code the evidence does not exclude.
 */
export type Alternative = { 
/**
 * Reason code.
 */
code: string, 
/**
 * Its meaning in a few words.
 */
title: string, 
/**
 * The one question that would settle it.
 */
question: string, };

/**
 * Applies a plan: one request per changed row, then everything is read back.
 *
 * Reports [`RowProgress`] values while it runs.
 */
export type ApplyImport = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * The same source text the plan was made from.
 */
text: string, 
/**
 * Inner scopes to delete.
 */
delete: Array<string>, 
/**
 * `base` of the plan that was looked at.
 */
base: string, };

/**
 * Saves staged rule changes: adds, removes, reads back. Reports [`RuleProgress`] while it runs.
 */
export type ApplyRules = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Rules to be added.
 */
add: Array<RuleDraft>, 
/**
 * Ids of rules to be removed.
 */
remove: Array<string>, 
/**
 * `base` of the review that was looked at.
 */
base: string, };

/**
 * What the profile knows about a scope beside its texts. A word, a shape and a colour each.
 */
export type Badge = "legacy" | "newer" | "gone" | "bundle";

/**
 * What kind of text a body is.
 */
export type BodyKind = "empty" | "json" | "html" | "text";

/**
 * Builds `allowed_scopes` from what is ticked.
 */
export type BuildScopes = { 
/**
 * Connection whose catalogue is meant; `None` uses the built-in one.
 */
connection: string | null, 
/**
 * The provider's client id as typed.
 */
client_id: string, 
/**
 * Ticked platform scopes.
 */
platform: Array<string>, 
/**
 * Ticked inner scopes.
 */
inner: Array<string>, 
/**
 * A list to merge into: JSON array or scope string as pasted; kept first, in its order.
 */
merge: string | null, };

/**
 * One entry of the built list.
 */
export type BuiltLine = { 
/**
 * Full scope as Prism stores it.
 */
scope: string, 
/**
 * New, kept, or without comparison.
 */
state: LineState, };

/**
 * The built `allowed_scopes`.
 */
export type BuiltScopes = { 
/**
 * The list in its final order.
 */
lines: Array<BuiltLine>, 
/**
 * JSON as Prism's import dialog takes it: two-space indent, no trailing line break.
 */
json: string, 
/**
 * The same, as the `scope` parameter of an authorization request: separated by one space.
 */
scope_string: string, 
/**
 * How many scopes.
 */
count: number, 
/**
 * What is wrong with the client id; the JSON is empty text then, if app scopes are ticked.
 */
client_id_problem: Problem | null, 
/**
 * What is wrong with the pasted list; the built list is then the ticked one alone.
 */
merge_problem: Problem | null, 
/**
 * Remarks with one-click cure.
 */
lints: Array<Lint>, };

/**
 * What calls are grouped by.
 */
export type By = "cause" | "consumer" | "route" | "person";

/**
 * What a list that is out of date does to this call.
 */
export type CacheEffect = "denies" | "admits" | "role" | "later" | "none";

/**
 * The cached list behind an answer.
 */
export type CachedList = { 
/**
 * What it does.
 */
effect: CacheEffect, 
/**
 * When the list that this call met expires at the latest, Unix milliseconds; `None` where that is not known.
 */
until: number | null, };

/**
 * The request as it would be sent.
 */
export type CallPreview = { 
/**
 * `curl` command with `$TOKEN`.
 */
curl: string, 
/**
 * Full URL.
 */
url: string, 
/**
 * Values that are missing or cannot go on the wire; `related` names the input.
 */
problems: Array<Problem>, };

/**
 * A call with its explanation.
 */
export type CallReport = { 
/**
 * By this name `export_capsule` finds the call.
 */
call: string, 
/**
 * The call itself.
 */
exchange: ExchangeView, 
/**
 * Why it was answered so.
 */
diagnosis: Diagnosis, 
/**
 * The cached team list behind the answer, if one is.
 */
cached_list: CachedList | null, 
/**
 * Every request that was made to gather evidence, in order.
 */
asked: Array<ExchangeView>, 
/**
 * What is odd about the token it was sent with: the app token warning.
 */
problems: Array<Problem>, };

/**
 * One call in a row: what lists, groups and filters need of it.
 */
export type CallRow = { 
/**
 * Index in the text, from 0.
 */
index: number, 
/**
 * Verb.
 */
method: string, 
/**
 * URL, secrets replaced.
 */
url: string, 
/**
 * Status of the call; 0 when no answer came.
 */
status: number, 
/**
 * Reason code.
 */
cause: string, 
/**
 * How sure.
 */
certainty: Certainty, 
/**
 * Whether it was refused.
 */
standing: Standing, 
/**
 * Id of the provider's route.
 */
route: string | null, 
/**
 * Id of the client the token was issued to.
 */
consumer: string | null, 
/**
 * Id of the user the token acts for.
 */
person: string | null, };

/**
 * Stops a running operation after the request in flight.
 */
export type CancelJob = { 
/**
 * The name the caller gave the job in its envelope.
 */
job: string, };

/**
 * The catalogue of a connection.
 */
export type Catalog = { 
/**
 * The provider's client id, from Glint's `/api/auth/config`, unchanged; `None` when it could not be asked.
 */
provider_client_id: string | null, 
/**
 * Its name.
 */
provider_name: string, 
/**
 * Scopes in catalogue order, platform scopes first.
 */
scopes: Array<CatalogScope>, 
/**
 * Recommended sets.
 */
presets: Array<Preset>, 
/**
 * Consumers that could be read.
 */
consumers: Array<Consumer>, 
/**
 * What could not be read and why; the catalogue is complete without it.
 */
problems: Array<Problem>, };

/**
 * One line of the catalogue.
 */
export type CatalogScope = { 
/**
 * Platform scope (`teams:read`) or inner scope (`read_todos`).
 */
key: string, 
/**
 * Title: Prism's definition where there is one, else the profile's, in the language asked for where it is ours.
 */
title: string, 
/**
 * What it allows.
 */
description: string, 
/**
 * Whether it is one of Prism's own scopes.
 */
platform: boolean, 
/**
 * Shown at first, or only on demand (less used platform scopes).
 */
common: boolean, 
/**
 * What the profile knows beside.
 */
badges: Array<Badge>, 
/**
 * The scope to use instead, for `gone` and `legacy`.
 */
replaced_by: Array<string>, 
/**
 * Whether the provider's integration guide lists it.
 */
in_guide: boolean, 
/**
 * Whether a definition exists at Prism; `None` when that could not be read, and for platform scopes.
 */
defined: boolean | null, };

/**
 * How often a reason was given, and how surely.
 */
export type CauseCount = { 
/**
 * Reason code.
 */
cause: string, 
/**
 * How sure.
 */
certainty: Certainty, 
/**
 * Calls.
 */
count: number, };

/**
 * How sure an answer is.
 */
export type Certainty = "possible" | "likely" | "proven";

/**
 * Asks both servers of a connection what they are.
 */
export type CheckConnection = { 
/**
 * Connection handle.
 */
connection: string, };

/**
 * Checks one definition without sending it: what Prism would refuse, field by field (`related` names the field).
 */
export type CheckDefinition = { 
/**
 * The definition as typed.
 */
definition: Definition, };

/**
 * Something to pick.
 */
export type Choice = { 
/**
 * What goes on the wire.
 */
id: string, 
/**
 * What a person calls it.
 */
label: string, 
/**
 * One more word: role in the team, owner of the todo.
 */
note: string, };

/**
 * What can be picked.
 */
export type Choices = { 
/**
 * In the server's order; may hold what another readable identity of this connection sees, see `seen_by`.
 */
choices: Array<Choice>, 
/**
 * Label of the identity that could read the list, when it was not the chosen one.
 */
seen_by: string | null, 
/**
 * Why the list is empty or incomplete; the value can be typed all the same.
 */
problem: Problem | null, };

/**
 * Chooses where secrets are kept, and moves what is kept already. Nothing moves to this run only: there new secrets go,
 * and what is kept stays where it is.
 */
export type ChooseVault = { 
/**
 * The place.
 */
kind: VaultKind, 
/**
 * For a passphrase vault: the passphrase, new or of the existing vault.
 */
passphrase: string | null, };

/**
 * Lets go of a text; one that is no longer held is no problem.
 */
export type CloseText = { 
/**
 * Name of the text.
 */
text: string, };

/**
 * A colour of a connection.
 */
export type Colour = "red" | "orange" | "green" | "teal" | "blue" | "violet" | "grey";

/**
 * Sends the same read under several identities of a connection. Calls that write are refused.
 */
export type CompareCalls = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Route id.
 */
route: string, 
/**
 * Values by input name.
 */
values: Record<string, unknown>, 
/**
 * Identity handles, each once, at most 24.
 */
identities: Array<string>, };

/**
 * The answers side by side.
 */
export type Compared = { 
/**
 * Route id.
 */
route: string, 
/**
 * In the order asked for.
 */
calls: Array<ComparedCall>, };

/**
 * What one identity was answered.
 */
export type ComparedCall = { 
/**
 * Identity handle.
 */
identity: string, 
/**
 * What people call it.
 */
label: string, 
/**
 * The call by which a capsule of it can be made; `None` when nothing was sent.
 */
call: string | null, 
/**
 * Why nothing was sent.
 */
problem: Problem | null, 
/**
 * Why it was answered so.
 */
diagnosis: Diagnosis | null, 
/**
 * The gate that stopped it.
 */
gate: string | null, 
/**
 * How long the answer took, milliseconds.
 */
elapsed_ms: number | null, };

/**
 * A pair of servers.
 */
export type Connection = { 
/**
 * Handle; `sandbox` for the built-in one.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What it is used for.
 */
environment: Environment, 
/**
 * Prism's address.
 */
prism_url: string, 
/**
 * Glint's address; `None` for a Prism alone.
 */
glint_url: string | null, 
/**
 * The provider's client id.
 */
provider_client_id: string | null, 
/**
 * Its identities.
 */
identities: Array<Identity>, 
/**
 * The identity that administration uses.
 */
admin_identity: string | null, 
/**
 * A colour people know it by; `None`: that of its environment.
 */
colour: Colour | null, 
/**
 * How it is reached.
 */
transport: Transport, 
/**
 * Whether every change of its servers is refused with `connection.read_only`.
 */
read_only: boolean, 
/**
 * Whether every write asks a person first: everywhere but in the sandbox.
 */
confirms_writes: boolean, 
/**
 * The identity that a panel takes by itself, by the id of the ability it is needed for; none where none fits. It may
 * have ended, when there is no other.
 */
choices: { [key in string]: string }, 
/**
 * The loopback redirect URIs a client has to register for signing in here, in the order they are tried.
 */
redirect_uris: Array<string>, 
/**
 * Whether it is saved; one given on the command line is not.
 */
saved: boolean, };

/**
 * What the servers said.
 */
export type ConnectionCheck = { 
/**
 * Facts with their sources.
 */
found: Array<Found>, 
/**
 * What is wrong.
 */
problems: Array<Problem>, 
/**
 * Milliseconds Prism took; `None`: no answer.
 */
prism_ms: number | null, 
/**
 * Milliseconds Glint took; `None`: no answer.
 */
glint_ms: number | null, };

/**
 * The connections.
 */
export type Connections = { 
/**
 * The sandbox first.
 */
connections: Array<Connection>, 
/**
 * What is wrong with the saved connections, if anything.
 */
problems: Array<Problem>, 
/**
 * The environments whose connections are read-only until somebody chooses otherwise.
 */
read_only_environments: Array<Environment>, 
/**
 * The product's version.
 */
version: string, };

/**
 * What the user would see.
 */
export type ConsentPreview = { 
/**
 * The consumer's name at Prism.
 */
consumer_name: string, 
/**
 * Scopes that would be granted on approval.
 */
granted: Array<PreviewScope>, 
/**
 * Scopes that would be left out without a word.
 */
refused: Array<PreviewRefusal>, 
/**
 * When Prism was asked, Unix milliseconds.
 */
asked_at: number, };

/**
 * A client that may ask for the provider's scopes, as far as the connection lets us see.
 */
export type Consumer = { 
/**
 * Client id at Prism.
 */
client_id: string, 
/**
 * Internal id at Prism.
 */
app_id: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it has no client secret.
 */
is_public: boolean, 
/**
 * Its `allowed_scopes` as Prism stores them; `None` when they could not be read.
 */
allowed_scopes: Array<string> | null, 
/**
 * First redirect URI, needed to ask for a consent preview.
 */
redirect_uri: string | null, 
/**
 * User id of its owner, where known.
 */
owner_id: string | null, };

/**
 * What goes into a capsule, and what was replaced.
 */
export type Contents = { 
/**
 * The call first, then its evidence: verb, path and status, e.g. `GET /api/cross-app/me 401`.
 */
exchanges: Array<string>, 
/**
 * How many exchanges of the record stay out.
 */
left_out: number, 
/**
 * What was replaced or left out of those that go in.
 */
replaced: Array<Replaced>, 
/**
 * Size of the capsule in bytes.
 */
bytes: number, };

/**
 * Puts a text on the system clipboard.
 */
export type CopyText = { 
/**
 * The text.
 */
text: string, 
/**
 * Whether it opens something: then clipboard histories are told to leave it out, and it is cleared after 30 seconds
 * unless something else was copied meanwhile.
 */
secret?: boolean, };

/**
 * Kind of credential (contract §1).
 */
export type CredentialKind = "personal_access_token" | "client_credentials" | "access_token" | "session_token";

/**
 * What a file of the console holds.
 */
export type DataContent = "connections" | "vault_choice" | "vault_key" | "vault_secret" | "lock" | "sandbox" | "history" | "journal" | "draft" | "window_preferences" | "unknown";

/**
 * One file.
 */
export type DataFile = { 
/**
 * Its path.
 */
path: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * What it holds.
 */
content: DataContent, 
/**
 * What removes it; `None`: another operation does, or nothing.
 */
removed_by: DataKind | null, };

/**
 * Everything the console keeps.
 */
export type DataFiles = { 
/**
 * The data directory; `None`: nothing is kept beyond this run.
 */
directory: string | null, 
/**
 * The files, by path.
 */
files: Array<DataFile>, 
/**
 * Calls and matrices held in memory by this run.
 */
in_memory: number, 
/**
 * What could not be looked at.
 */
problems: Array<Problem>, };

/**
 * What can be removed on request; connections and secrets have operations of their own.
 */
export type DataKind = "history" | "drafts" | "journal";

/**
 * What decided.
 */
export type DecidedBy = "no_rule" | "deny_rule" | "allow_rule" | "not_listed";

/**
 * A definition as Prism stores it.
 */
export type Definition = { 
/**
 * Inner scope.
 */
scope: string, 
/**
 * What the consent page says.
 */
title: string, 
/**
 * The second line on the consent page; Prism stores `""` for none.
 */
description: string, };

/**
 * The answer of [`CheckDefinition`].
 */
export type DefinitionCheck = { 
/**
 * What is wrong.
 */
problems: Array<Problem>, };

/**
 * The definitions after a single change.
 */
export type Definitions = { 
/**
 * All definitions at Prism, ordered by scope.
 */
definitions: Array<Definition>, 
/**
 * The identity that did it, in words.
 */
acts_as: string | null, };

/**
 * Removes one kind of data, from memory and from the disk.
 */
export type DeleteData = { 
/**
 * The kind.
 */
kind: DataKind, };

/**
 * Deletes one definition, read back.
 */
export type DeleteDefinition = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Inner scope.
 */
scope: string, };

/**
 * What was removed, and what is kept still.
 */
export type DeletedData = { 
/**
 * The files that were removed.
 */
removed: Array<DataFile>, 
/**
 * How many calls, matrices and entries were forgotten that were in memory only.
 */
forgotten: number, 
/**
 * What is kept still.
 */
kept: DataFiles, };

/**
 * Explains a pasted answer without sending anything.
 */
export type DiagnoseText = { 
/**
 * A pasted answer (with or without status line and headers), `curl` output, or a HAR.
 */
text: string, 
/**
 * How to read it; `None` finds out.
 */
format: string | null, 
/**
 * Verb of the call, where the text does not say.
 */
method: string | null, 
/**
 * URL or path of the call, where the text does not say.
 */
url: string | null, 
/**
 * Status of the answer, where the text does not say.
 */
status: number | null, 
/**
 * Index of the one call to explain; `None`: every call that is not evidence.
 */
entry: number | null, 
/**
 * What to count the calls by.
 */
group_by?: By, 
/**
 * Words that must stand in reason, status, route, consumer or person; the other calls are left out.
 */
filter?: string, };

/**
 * Everything that was explained.
 */
export type DiagnosedText = { 
/**
 * In the order of the text; the first of them where there are too many for one reply.
 */
subjects: Array<Subject>, 
/**
 * Counts of all calls that the filter chose, where they were asked for.
 */
groups: Array<Group>, 
/**
 * How all calls stand that the filter chose, those beyond `subjects` as well.
 */
standings: Standings, 
/**
 * Whether a part of the text could not be read, so that it may hold calls that nothing is known about.
 */
incomplete: boolean, 
/**
 * What could not be read.
 */
problems: Array<Problem>, };

/**
 * The answer.
 */
export type Diagnosis = { 
/**
 * Status of the call; 0 when no answer came.
 */
status: number, 
/**
 * Reason code of the first failed gate, `allowed` when nothing was refused.
 */
cause: string, 
/**
 * How sure.
 */
certainty: Certainty, 
/**
 * The code behind the cause, where one is (`membership.unavailable`, `oauth.scopes_narrowed`).
 */
because?: string, 
/**
 * The answer in one sentence, e.g. "Standup Bot never registered `delete_todos`.".
 */
headline: string, 
/**
 * One line more: what happened and at which gate.
 */
detail: string, 
/**
 * What else the evidence allows, best first.
 */
alternatives: Array<Alternative>, 
/**
 * What was missing.
 */
needs: Needs, 
/**
 * The cure, in order.
 */
remedies: Array<Remedy>, 
/**
 * Whether the user has to approve again before the call can succeed.
 */
reauthorize: boolean, 
/**
 * The checks in their real order.
 */
gates: Array<Gate>, 
/**
 * Every fact used.
 */
evidence: Array<Evidence>, 
/**
 * What would stop the call next once this is cured, one sentence, where the evidence tells.
 */
next_obstacle: string | null, 
/**
 * All refusals of this route with the one that applies lit.
 */
refusals: Array<Refusal>, };

/**
 * Finds a deployment from the address of its Glint, or of a Prism. Saves nothing.
 */
export type DiscoverConnection = { 
/**
 * Address as typed.
 */
address: string, 
/**
 * Prism's address, where the person named it too; what Glint's configuration says otherwise is a finding.
 */
prism_url?: string | null, 
/**
 * How it is reached.
 */
transport?: Transport, };

/**
 * What was found at an address.
 */
export type Discovered = { 
/**
 * The address, made whole.
 */
glint_url: string | null, 
/**
 * Prism's address.
 */
prism_url: string | null, 
/**
 * Who named it. With `configuration` the person is asked before the connection is added: only a Prism that a person
 * confirmed gets a credential.
 */
prism_named_by: NamedBy, 
/**
 * The provider's client id, unchanged.
 */
provider_client_id: string | null, 
/**
 * A name to start with: the host.
 */
suggested_name: string, 
/**
 * An environment to start with: nobody's production is on this computer.
 */
suggested_environment: Environment, 
/**
 * Facts with their sources.
 */
found: Array<Found>, 
/**
 * What is wrong; a `refused` one means it cannot be added.
 */
problems: Array<Problem>, };

/**
 * Nothing to say.
 */
export type Done = Record<symbol, never>;

/**
 * A scope that was asked for and is not granted.
 */
export type DroppedScope = { 
/**
 * The scope.
 */
scope: string, 
/**
 * Prism's word: `unknown`, `not_allowed`, `target_missing`, `app_denied`; `None`: not told.
 */
reason: string | null, 
/**
 * The reason in words, with what to do.
 */
words: string, };

/**
 * Makes a copy of a connection without its identities.
 */
export type DuplicateConnection = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Name of the copy.
 */
name: string, };

/**
 * Changes a connection; what is `None` or absent stays. A changed address drops what the credentials are bound to: they are
 * forgotten, because a credential belongs to one scheme, host and port.
 */
export type EditConnection = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Its name.
 */
name?: string | null, 
/**
 * What it is used for.
 */
environment?: Environment | null, 
/**
 * A colour people know it by.
 */
colour?: Colour | null, 
/**
 * Whether its colour is taken away, so that it has that of its environment; a colour given beside it goes first.
 */
no_colour?: boolean, 
/**
 * Prism's address; giving it, also unchanged, confirms that it may get credentials.
 */
prism_url?: string | null, 
/**
 * Glint's address; an empty text: none.
 */
glint_url?: string | null, 
/**
 * The provider's client id; an empty text: not known.
 */
provider_client_id?: string | null, 
/**
 * How it is reached.
 */
transport?: Transport | null, 
/**
 * Whether changes of its servers are refused. A connection that becomes production without it is read-only.
 */
read_only?: boolean | null, };

/**
 * One consumer or person with the decision today and after saving.
 */
export type Effect = { 
/**
 * Client id or user id; `None` for "anybody else".
 */
id: string | null, 
/**
 * Name; `None` for "anybody else".
 */
name: string | null, 
/**
 * One more word: "confidential", "owner of Standup Bot", "you".
 */
note: string, 
/**
 * Today.
 */
before: Verdict, 
/**
 * After saving.
 */
after: Verdict, 
/**
 * Whether the decision changes.
 */
changed: boolean, 
/**
 * Whether this is the identity that would save the change.
 */
is_self: boolean, };

/**
 * What a shell hands to the engine for one call. The same JSON in the window, in the browser host and in tests.
 */
export type Envelope = { 
/**
 * Name of the operation.
 */
operation: string, 
/**
 * Its arguments.
 */
args: unknown, 
/**
 * Language of every sentence in the reply.
 */
lang: Lang, 
/**
 * A name by which `cancel_job` can stop it.
 */
job: string | null, };

/**
 * What a connection is used for; always in the top bar.
 */
export type Environment = "sandbox" | "staging" | "production";

/**
 * One fact with its source.
 */
export type Evidence = { 
/**
 * Seen or concluded.
 */
kind: EvidenceKind, 
/**
 * The fact, one line, never a secret.
 */
text: string, 
/**
 * Where it is from, e.g. `introspection`, `consent preview`, `the answer`.
 */
source: string, };

/**
 * Whether a fact was seen or concluded.
 */
export type EvidenceKind = "observed" | "inferred";

/**
 * A redacted exchange that may be shown, stored and copied.
 */
export type ExchangeView = { 
/**
 * Verb.
 */
method: string, 
/**
 * Absolute URL, secrets replaced.
 */
url: string, 
/**
 * Request headers, secrets replaced.
 */
request_headers: Array<HeaderView>, 
/**
 * Request body, secrets replaced.
 */
request_body: string | null, 
/**
 * Status; `None` when no answer came.
 */
status: number | null, 
/**
 * Answer headers, secrets replaced.
 */
response_headers: Array<HeaderView>, 
/**
 * Answer body, secrets replaced, at most 64 KiB; longer bodies say so in `body_bytes`.
 */
body: string | null, 
/**
 * The body with line breaks and indent where it is JSON.
 */
body_pretty: string | null, 
/**
 * What the body is.
 */
body_kind: BodyKind, 
/**
 * Size of the body in bytes as received.
 */
body_bytes: number, 
/**
 * Why no answer came.
 */
failure: TransportFailure | null, 
/**
 * The transport's own words.
 */
failure_text: string | null, 
/**
 * When it was sent, Unix milliseconds.
 */
started_at: number | null, 
/**
 * How long it took, milliseconds.
 */
elapsed_ms: number | null, 
/**
 * The same request as a `curl` command, credential as `$TOKEN`.
 */
curl: string, };

/**
 * Explains one call of a text that is held.
 */
export type ExplainEntry = { 
/**
 * Name of the text.
 */
text: string, 
/**
 * Index of the call in it, from 0.
 */
entry: number, };

/**
 * Seals one call with the exchanges its answer rests on into an HTTP archive, and saves it. Only what the diagnosis
 * needs goes in; secrets are replaced by fingerprints. Without `save` the reply is a preview of what would be saved.
 *
 * Either `call` names a call of this run, or `text` and `entry` a call of an archive.
 */
export type ExportCapsule = { 
/**
 * A call of this run, by the `call` of its report.
 */
call: string | null, 
/**
 * A text as `diagnose_text` takes it.
 */
text: string | null, 
/**
 * Index of the call in the text, from 0; without it the only call, else the first.
 */
entry: number | null, 
/**
 * Whether names of people, what they wrote and times are replaced as well, and IDs by fingerprints.
 */
minimised: boolean, 
/**
 * Whether host names, IP addresses and ports are replaced as well.
 */
hide_hosts?: boolean, 
/**
 * Whether to ask where to save it; otherwise the reply holds the text.
 */
save: boolean, };

/**
 * Prints the saved connections with their identities, without secrets, in the form that [`ImportData`] reads.
 */
export type ExportData = Record<symbol, never>;

/**
 * Prints the live definitions in the form the importer reads.
 */
export type ExportDefinitions = { 
/**
 * Connection handle; `None` exports the profile's built-in definitions (those of the guide).
 */
connection: string | null, };

/**
 * A field that differs.
 */
export type FieldDiff = { 
/**
 * `title` or `description`.
 */
field: string, 
/**
 * At Prism now.
 */
before: string, 
/**
 * In the source.
 */
after: string, };

/**
 * Hands a pasted redirect to the sign-in that waits for it; `state` inside the text says which one.
 */
export type FinishSignIn = { 
/**
 * The whole address the browser was sent to, or its query.
 */
redirect: string, };

/**
 * What the console itself can prepare for a remedy.
 */
export type Fix = { "kind": "tick_scopes", 
/**
 * Inner or platform scopes.
 */
scopes: Array<string>, 
/**
 * Client id of the consumer, where known.
 */
consumer: string | null, } | { "kind": "open_rules", 
/**
 * Client id or user id the rule is about.
 */
target: string | null, } | { "kind": "open_definitions" } | { "kind": "send_again" } | { "kind": "choose_identity" };

/**
 * What an edit does.
 */
export type FixKind = "add_title" | "remove_invisible" | "remove_entry";

/**
 * Forgets every secret and every identity, and removes the passphrase vault; connections stay unless asked.
 */
export type ForgetEverything = { 
/**
 * Whether the saved connections go, too.
 */
connections: boolean, };

/**
 * What was revoked and forgotten.
 */
export type Forgotten = { 
/**
 * Tokens revoked at their server.
 */
revoked: number, 
/**
 * Secrets deleted from where they were kept.
 */
deleted: number, 
/**
 * What could not be revoked or deleted, and what to do about it.
 */
problems: Array<Problem>, };

/**
 * A fact about a server and where it was read.
 */
export type Found = { 
/**
 * What, in words.
 */
title: string, 
/**
 * The value, verbatim.
 */
value: string, 
/**
 * Where from, e.g. `GET /api/auth/config`.
 */
source: string, 
/**
 * Milliseconds the answer took.
 */
elapsed_ms: number | null, };

/**
 * One check of the server, in its real order for this route.
 */
export type Gate = { 
/**
 * Stable id: `reach`, `header`, `token`, `scope`, `membership`, `resource`, `role`, `request`, `server`; for Prism also `credential`, `app`.
 */
id: string, 
/**
 * Its name in the language asked for.
 */
title: string, 
/**
 * What it asks, e.g. "does it carry `delete_todos`?".
 */
question: string, 
/**
 * What became of it.
 */
state: GateState, 
/**
 * For a gate that was not reached: whether the evidence says it would stop the call. `None`: unknown.
 */
would_pass: boolean | null, 
/**
 * The facts about it.
 */
evidence: Array<Evidence>, };

/**
 * What became of one gate.
 */
export type GateState = "passed" | "failed" | "unknown" | "not_reached";

/**
 * Calls that have something in common.
 */
export type Group = { 
/**
 * The code, client id, route id or user id; `None` where the evidence does not tell it.
 */
key: string | null, 
/**
 * What people call it, in the language asked for.
 */
title: string, 
/**
 * All its calls.
 */
count: number, 
/**
 * Those where nothing was refused.
 */
allowed: number, 
/**
 * Those whose reason stayed open.
 */
open: number, 
/**
 * Their reasons, the most frequent first.
 */
causes: Array<CauseCount>, };

/**
 * A header of an [`ExchangeView`].
 */
export type HeaderView = { 
/**
 * Name as sent.
 */
name: string, 
/**
 * Value, secrets replaced.
 */
value: string, };

/**
 * A credential by its handle.
 */
export type Identity = { 
/**
 * Handle.
 */
id: string, 
/**
 * What people call it, e.g. "mia".
 */
label: string, 
/**
 * Kind of credential.
 */
kind: CredentialKind, 
/**
 * Name of the person it acts for.
 */
user_name: string | null, 
/**
 * User id.
 */
user_id: string | null, 
/**
 * Client it was issued to.
 */
client_id: string | null, 
/**
 * That client's name.
 */
client_name: string | null, 
/**
 * Scopes it carries, as far as known.
 */
scopes: Array<string>, 
/**
 * Unix seconds.
 */
expires_at: number | null, 
/**
 * One sentence: what it is good for or shows.
 */
note: string, 
/**
 * What it can and cannot do.
 */
abilities: Array<Ability>, 
/**
 * Whether it can be used for calls to Glint.
 */
for_calls: boolean, 
/**
 * Whether it can be used for administration at Prism.
 */
for_admin: boolean, 
/**
 * Whether it may be removed (all but the sandbox's own).
 */
removable: boolean, 
/**
 * How it came here.
 */
origin: Origin, 
/**
 * Where its secret lies; `None`: the secret is gone or locked away, and using the identity says what to do.
 */
kept: VaultKind | null, 
/**
 * Whether it has a refresh token.
 */
refreshable: boolean, 
/**
 * The client it is used for, where the person said so. When it differs from `client_id` the token was issued to
 * somebody else: the app token warning.
 */
used_for: string | null, 
/**
 * Whether that warning applies and was not answered with "continue".
 */
foreign: boolean, };

/**
 * What became of an identity.
 */
export type IdentityReport = { 
/**
 * The identity as it is now.
 */
identity: Identity, 
/**
 * Whether the server was asked for a new token (refresh), or calls it active (introspection).
 */
done: boolean, 
/**
 * The exchange, redacted; `None`: nothing had to be asked.
 */
exchange: ExchangeView | null, 
/**
 * What looks odd.
 */
problems: Array<Problem>, };

/**
 * A way to add an identity.
 */
export type IdentityWay = "pat" | "client" | "sign_in" | "token";

/**
 * Adds the connections of an export. One that is here already, by name and address of Prism, is left alone; where only
 * the name is taken, a number is added to it. Secrets have to be entered again.
 */
export type ImportData = { 
/**
 * The text of an export.
 */
text: string, };

/**
 * What an import would do.
 */
export type ImportPlan = { 
/**
 * Rows in order of weight: create, update, delete, unchanged, only at Prism.
 */
rows: Array<PlanRow>, 
/**
 * Rows of each action.
 */
counts: PlanCounts, 
/**
 * What is wrong with the source, in order of place.
 */
problems: Array<Problem>, 
/**
 * Edits of the source that settle one of these problems.
 */
fixes: Array<SourceFix>, 
/**
 * Why nothing may be applied, if so.
 */
blocked: Problem | null, 
/**
 * Fingerprint of the live definitions the plan was made against; applying refuses when they moved.
 */
base: string, 
/**
 * How many definitions the source holds.
 */
source_count: number, 
/**
 * The identity that reads and writes, in words.
 */
acts_as: string | null, };

/**
 * What became of an import.
 */
export type ImportResult = { 
/**
 * Every row that was to be changed, with its final state.
 */
rows: Array<RowProgress>, 
/**
 * How many were verified by reading back.
 */
verified: number, 
/**
 * How many were refused.
 */
refused: number, 
/**
 * How many were not sent.
 */
not_sent: number, 
/**
 * How many were sent with an unknown result: no answer came, and reading back did not show them.
 */
unclear: number, 
/**
 * Whether it was stopped before everything was sent, by the person or by the governor.
 */
stopped: boolean, 
/**
 * Why the rest was not sent, if so.
 */
halted: Problem | null, 
/**
 * One sentence: what is done and what is not.
 */
summary: string, 
/**
 * The plan against the definitions as they are now.
 */
plan: ImportPlan, };

/**
 * What became of one connection of an export.
 */
export type ImportedConnection = { 
/**
 * Its name there.
 */
name: string, 
/**
 * Its name here; `None`: it was here already.
 */
added_as: string | null, };

/**
 * What became of an import.
 */
export type ImportedData = { 
/**
 * Every connection of the export, in its order.
 */
connections: Array<ImportedConnection>, 
/**
 * What was left out of them.
 */
problems: Array<Problem>, 
/**
 * All connections as they are now.
 */
list: Connections, };

/**
 * A value a call takes.
 */
export type Input = { 
/**
 * Name on the wire.
 */
name: string, 
/**
 * Where it goes.
 */
place: Place, 
/**
 * What fills it.
 */
pick: Pick, 
/**
 * Whether the server refuses the call without it.
 */
required: boolean, 
/**
 * The words, for a choice.
 */
choices?: Array<string>, 
/**
 * Any of these inner scopes is asked for when this field is sent (PATCH todo), beside the route's own.
 */
scopes?: Array<string>, 
/**
 * The role permissions consulted when this field is sent, own one first (`edit_own_todos`, `edit_any_todo`).
 */
permissions?: Array<string>, 
/**
 * An example value.
 */
example?: string, };

/**
 * Asks the server who and what the token is, now.
 */
export type IntrospectIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, };

/**
 * A language the product speaks. Server texts and identifiers are never translated.
 */
export type Lang = "en" | "zh";

/**
 * How a line of the built list relates to the list it is merged into.
 */
export type LineState = "kept" | "added" | "plain";

/**
 * A remark on the built list with, where possible, the ticks that cure it.
 */
export type Lint = { 
/**
 * Code, sentence, consequence.
 */
problem: Problem, 
/**
 * Label of the button, e.g. "Add it"; `None` when nothing can be ticked.
 */
fix_label: string | null, 
/**
 * Keys to tick.
 */
tick: Array<string>, 
/**
 * Keys to untick.
 */
untick: Array<string>, };

/**
 * Asks the provider what can be picked, as the chosen identity sees it.
 */
export type ListChoices = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * What is to be picked: `team`, `set`, `todo`, `comment` or `user`.
 */
pick: Pick, 
/**
 * The team chosen so far.
 */
team: string | null, 
/**
 * The set chosen so far.
 */
set: string | null, 
/**
 * The todo chosen so far.
 */
todo: string | null, };

/**
 * Lists the connections.
 */
export type ListConnections = Record<symbol, never>;

/**
 * Lists every file the console keeps, with its size and what it holds.
 */
export type ListData = Record<symbol, never>;

/**
 * Lists every reason code a diagnosis can name.
 */
export type ListReasons = Record<symbol, never>;

/**
 * Lists the provider's routes.
 */
export type ListRoutes = Record<symbol, never>;

/**
 * Closes the passphrase vault and forgets what was read from it.
 */
export type LockVault = Record<symbol, never>;

/**
 * Every route for one identity.
 */
export type Matrix = { 
/**
 * By this name `save_matrix` finds it.
 */
id: string, 
/**
 * What people call the identity.
 */
identity: string, 
/**
 * The team or personal space; empty when none is known.
 */
team: string, 
/**
 * Its name, where known.
 */
team_name: string | null, 
/**
 * The set, if one was chosen.
 */
set: string | null, 
/**
 * Role in the team, where known.
 */
role: string | null, 
/**
 * What the token holds, where known.
 */
scopes: Array<string> | null, 
/**
 * One row per route, and per body field that is judged on its own.
 */
rows: Array<AccessRow>, 
/**
 * How many real calls showed something else than was foretold.
 */
differ: number, 
/**
 * Every request that was made, in order; proofs last.
 */
asked: Array<ExchangeView>, 
/**
 * What could not be asked.
 */
problems: Array<Problem>, };

/**
 * How far the proof is.
 */
export type MatrixStep = { 
/**
 * Reads that were answered.
 */
done: number, 
/**
 * Reads in all.
 */
total: number, };

/**
 * An id, and what people call it where that is known.
 */
export type Named = { 
/**
 * The id.
 */
id: string, 
/**
 * The name.
 */
name: string | null, };

/**
 * Who named the origin of a Prism. A credential goes only to one that a person named.
 */
export type NamedBy = "person" | "configuration";

/**
 * What was missing, as data.
 */
export type Needs = { 
/**
 * Any of these scopes; inner names for Glint, plain names for Prism.
 */
scopes?: Array<string>, 
/**
 * The body field.
 */
field?: string, 
/**
 * The role permission.
 */
permission?: string, 
/**
 * The resource: `todo`, `set`, `parent`, `comment`, `todo_or_comment`.
 */
resource?: string, };

/**
 * What a real call showed.
 */
export type Observed = { 
/**
 * Status; 0 when no answer came.
 */
status: number, 
/**
 * What became of it; `unknown` when a server was in trouble.
 */
access: Access, 
/**
 * Reason code.
 */
cause: string, 
/**
 * How sure the reason is.
 */
certainty: Certainty, 
/**
 * The gate that stopped it.
 */
gate: string | null, 
/**
 * One sentence when this is not what was foretold.
 */
differs: string | null, };

/**
 * Opens the catalogue: profile, live definitions and known consumers in one answer.
 */
export type OpenCatalog = { 
/**
 * Connection handle.
 */
connection: string, };

/**
 * Reads a text and says of each of its calls why it was answered so, in a row; nothing is sent. The text is held until
 * it is closed or others are opened.
 */
export type OpenText = { 
/**
 * As `diagnose_text` takes it.
 */
text: string, 
/**
 * How to read it; `None` finds out.
 */
format: string | null, 
/**
 * Verb of the call, where the text does not say.
 */
method: string | null, 
/**
 * URL or path of the call, where the text does not say.
 */
url: string | null, 
/**
 * Status of the answer, where the text does not say.
 */
status: number | null, };

/**
 * Opens a web page in the system browser; https, or loopback, and only hosts of a connection.
 */
export type OpenUrl = { 
/**
 * Absolute URL.
 */
url: string, };

/**
 * A text that is held.
 */
export type OpenedText = { 
/**
 * By this name `explain_entry` finds it.
 */
text: string, 
/**
 * Every call that is not evidence, in the order of the text; the one call, where the text is a capsule.
 */
rows: Array<CallRow>, 
/**
 * Names for them.
 */
titles: Titles, 
/**
 * The first of them, explained.
 */
first: Subject | null, 
/**
 * What could not be read.
 */
problems: Array<Problem>, };

/**
 * How an identity came here.
 */
export type Origin = "built_in" | "pasted" | "signed_in";

/**
 * The two directory prefixes of a list of paths, both with their slash; empty where there is none.
 */
export type PathPrefixes = { 
/**
 * What all paths begin with.
 */
all: string, 
/**
 * What most paths begin with, chosen so that leaving it out saves the most; at least as long as `all`.
 */
most: string, };

/**
 * What fills a value of a route.
 */
export type Pick = "team" | "set" | "todo" | "comment" | "user" | "choice" | "text" | "bool" | "number" | "json";

/**
 * Where a value goes.
 */
export type Place = "path" | "query" | "body";

/**
 * How many rows of each action.
 */
export type PlanCounts = { 
/**
 * To be created.
 */
create: number, 
/**
 * To be updated.
 */
update: number, 
/**
 * To be deleted.
 */
delete: number, 
/**
 * Equal.
 */
unchanged: number, 
/**
 * Only at Prism.
 */
only_at_prism: number, };

/**
 * Compares a source with the provider's live definitions. An empty text lists what is there.
 */
export type PlanImport = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Source text: JSON array, or `{"definitions":[…]}`.
 */
text: string, 
/**
 * Inner scopes to delete that the source does not hold.
 */
delete: Array<string>, };

/**
 * One line of the plan.
 */
export type PlanRow = { 
/**
 * Inner scope.
 */
scope: string, 
/**
 * What happens to it.
 */
action: Action, 
/**
 * Title after the import.
 */
title: string, 
/**
 * Description after the import.
 */
description: string, 
/**
 * What differs, for an update.
 */
changes: Array<FieldDiff>, 
/**
 * Line of the source, from 1.
 */
line: number | null, };

/**
 * Says what a sign-in at this connection takes: the redirect URIs to register, and what Prism says about a client.
 */
export type PrepareSignIn = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * The client to sign in as a user of; `None`: only what holds for every client.
 */
client_id: string | null, 
/**
 * Scopes to be asked for, for the preview.
 */
scopes: Array<string>, };

/**
 * A recommended set of inner scopes.
 */
export type Preset = { 
/**
 * Stable name: `read_only`, `write`, `full_automation`.
 */
name: string, 
/**
 * Its title in the language asked for.
 */
title: string, 
/**
 * Inner scopes.
 */
scopes: Array<string>, };

/**
 * Shows the request without sending it.
 */
export type PreviewCall = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Route id.
 */
route: string, 
/**
 * Values by input name.
 */
values: Record<string, unknown>, };

/**
 * Asks Prism what a user would see and what it would leave out today (contract §5).
 */
export type PreviewConsent = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Client id of the consumer.
 */
consumer: string, 
/**
 * Redirect URI of the consumer; `None` takes the first known one.
 */
redirect_uri: string | null, 
/**
 * Full scopes.
 */
scopes: Array<string>, };

/**
 * A scope Prism would leave out.
 */
export type PreviewRefusal = { 
/**
 * Full scope.
 */
scope: string, 
/**
 * Inner or platform scope.
 */
key: string, 
/**
 * Prism's reason: `unknown`, `not_allowed`, `target_missing`, `app_denied`.
 */
reason: string, 
/**
 * What that means and who acts.
 */
problem: Problem, };

/**
 * A scope the user would be asked for.
 */
export type PreviewScope = { 
/**
 * Full scope.
 */
scope: string, 
/**
 * Inner or platform scope.
 */
key: string, 
/**
 * Title on the consent page; `None`: the bare scope is shown.
 */
title: string | null, 
/**
 * Description on the consent page.
 */
description: string | null, };

/**
 * A refusal or a warning: a stable code, one sentence, the next steps.
 */
export type Problem = { 
/**
 * Stable code, e.g. `import.duplicate_scope`. Consumers act on this, never on the message.
 */
code: string, 
/**
 * How much it weighs.
 */
severity: Severity, 
/**
 * What is the matter, one sentence in the language asked for.
 */
message: string, 
/**
 * What to do next; sentences that start with a verb.
 */
hints: Array<string>, 
/**
 * Who acts next, where that is known.
 */
who: Actor | null, 
/**
 * Where in the given text.
 */
span: Span | null, 
/**
 * Identifiers this is about (scopes, client ids, field names), verbatim.
 */
related: Array<string>, 
/**
 * The exchange that showed it, redacted.
 */
exchange: ExchangeView | null, 
/**
 * How to add an identity that is accepted; absent where another identity does not help.
 */
other_identity?: IdentityWay, 
/**
 * Whether the connection has no identity at all that fits.
 */
no_identity?: boolean, };

/**
 * Lists what the console changed in this run.
 */
export type ReadActivity = Record<symbol, never>;

/**
 * Asks where secrets are kept and whether that place works. Probes the keychain by writing, reading and deleting.
 */
export type ReadVault = { 
/**
 * Probes again instead of answering from the last probe.
 */
probe: boolean, };

/**
 * One reason code explained in one language.
 */
export type ReasonEntry = { 
/**
 * The code, e.g. `scope.not_registered`.
 */
code: string, 
/**
 * What stands before its dot; the code itself where there is none.
 */
family: string, 
/**
 * The family in a word or two.
 */
family_title: string, 
/**
 * Its meaning in a few words.
 */
title: string, 
/**
 * The answer in one sentence.
 */
headline: string, 
/**
 * The question that would settle whether it is this one.
 */
question: string | null, 
/**
 * The cure in order.
 */
steps: Array<ReasonStep>, };

/**
 * One step of the cure of a code.
 */
export type ReasonStep = { 
/**
 * Who acts.
 */
who: Actor, 
/**
 * What they do.
 */
action: string, 
/**
 * One line more.
 */
detail: string | null, 
/**
 * Whether a new authorization is part of it.
 */
reauthorize: boolean, };

/**
 * The reference of all reason codes.
 */
export type Reasons = { 
/**
 * In the order of the table; a family stands in one piece.
 */
reasons: Array<ReasonEntry>, };

/**
 * Asks again what a capsule or an archive tells of, now and with one's own identity.
 *
 * Only reads are sent; of a call that writes, only what would become of it is foretold. A call whose IDs were replaced in
 * a minimised capsule is refused (`recheck.minimised`).
 */
export type RecheckCall = { 
/**
 * Connection handle of whoever asks.
 */
connection: string, 
/**
 * Identity handle of whoever asks.
 */
identity: string, 
/**
 * Verb of the call.
 */
method: string, 
/**
 * Its URL; only path and query count, and they go to the connection's own Glint.
 */
url: string, 
/**
 * Its body, which tells what a call that writes would be asked for.
 */
body: string | null, };

/**
 * What holds now.
 */
export type Rechecked = { 
/**
 * Route id.
 */
route: string, 
/**
 * The call as it was answered now; `None` when it was not sent.
 */
report: CallReport | null, 
/**
 * What is foretold for a call that is not sent, one row per body field that is judged.
 */
foretold: Array<AccessRow>, 
/**
 * Why it was not sent.
 */
problem: Problem | null, };

/**
 * A loopback redirect URI.
 */
export type RedirectUri = { 
/**
 * The whole text, as it has to be registered.
 */
uri: string, 
/**
 * Whether the client has it registered; `None`: not known.
 */
registered: boolean | null, 
/**
 * Whether the port is free on this computer now.
 */
free: boolean, };

/**
 * Gets a new access token by the refresh token. The same token goes on when somebody else refreshed it meanwhile.
 */
export type RefreshIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * Refreshes even where the token has time left.
 */
force: boolean, };

/**
 * One row of the table of refusals of a route; the one that applies is lit.
 */
export type Refusal = { 
/**
 * Status code.
 */
status: number, 
/**
 * The server's text, shortened.
 */
text: string, 
/**
 * Reason code or family, e.g. `scope.not_registered` when lit, `scope.*` otherwise.
 */
code: string, 
/**
 * What it means, in the language asked for.
 */
meaning: string, 
/**
 * Whether this row applies.
 */
lit: boolean, };

/**
 * Registers a client for this console, where the authorization server offers it (RFC 7591).
 */
export type RegisterClient = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * The name people see at consent.
 */
name: string, 
/**
 * Scopes it may ask for.
 */
scopes: Array<string>, };

/**
 * A registered client.
 */
export type RegisteredClient = { 
/**
 * Its client id.
 */
client_id: string, 
/**
 * The identity that holds its secret; `None` for a public client.
 */
identity: Identity | null, 
/**
 * What looks odd.
 */
problems: Array<Problem>, };

/**
 * One step of the cure.
 */
export type Remedy = { 
/**
 * Who acts.
 */
who: Actor, 
/**
 * Their name, only where the evidence names them.
 */
who_name: string | null, 
/**
 * What they do, e.g. "Register `delete_todos`".
 */
action: string, 
/**
 * One line more, may be empty.
 */
detail: string, 
/**
 * Whether a new authorization by the end user is part of this step.
 */
reauthorize: boolean, 
/**
 * What the console can prepare.
 */
fix: Fix | null, };

/**
 * Removes a connection and forgets its identities.
 */
export type RemoveConnection = { 
/**
 * Connection handle.
 */
connection: string, };

/**
 * Forgets a pasted credential.
 */
export type RemoveIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, };

/**
 * Gives an identity another name.
 */
export type RenameIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * The new name.
 */
label: string, };

/**
 * One kind of what was replaced, with its count.
 */
export type Replaced = { 
/**
 * The kind.
 */
what: What, 
/**
 * How many values.
 */
count: number, };

/**
 * Reads the rules and judges everybody known; with staged changes it judges before and after. Sends nothing.
 */
export type ReviewAccess = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Rules to be added.
 */
add: Array<RuleDraft>, 
/**
 * Ids of rules to be removed.
 */
remove: Array<string>, 
/**
 * Client IDs to judge although no consumer of this ID can be read.
 */
consumers?: Array<string>, 
/**
 * User IDs to judge although no person of this ID is known.
 */
people?: Array<string>, };

/**
 * Revokes the tokens of an identity at the server and forgets them.
 */
export type RevokeIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, };

/**
 * What became of a revoked identity.
 */
export type Revoked = { 
/**
 * The connections as they are now.
 */
connections: Connections, 
/**
 * Whether the server confirms that the token is dead: revocation answers 200 to everything, so introspection is asked.
 */
dead: boolean | null, 
/**
 * What could not be done.
 */
problems: Array<Problem>, };

/**
 * One route of the provider's cross-app interface.
 */
export type Route = { 
/**
 * Stable id, e.g. `list_todos`.
 */
id: string, 
/**
 * Verb.
 */
method: string, 
/**
 * Path with `:name` parts, from the host's root.
 */
path: string, 
/**
 * Group: `team`, `sets`, `todos`, `comments`, `settings`, `permissions`, `realtime`.
 */
group: string, 
/**
 * Any one of these inner scopes opens it.
 */
scopes: Array<string>, 
/**
 * Whether the bundle scope opens it, too.
 */
bundle: boolean, 
/**
 * Role permissions consulted, own one first; empty: none.
 */
permissions: Array<string>, 
/**
 * Whether the permission is looked up for the whole team only, so that a row of a set does nothing.
 */
team_level: boolean, 
/**
 * Values it takes.
 */
inputs: Array<Input>, 
/**
 * Whether it changes something.
 */
writes: boolean, 
/**
 * The provider's checks after membership in their real order, gate ids of `diagnosis`.
 */
order: Array<string>, };

/**
 * The routes in display order.
 */
export type Routes = { 
/**
 * All of them.
 */
routes: Array<Route>, 
/**
 * What their paths begin with, so that a list can leave it out.
 */
prefixes: PathPrefixes, };

/**
 * One gate of a row.
 */
export type RowGate = { 
/**
 * `header`, `token`, `scope`, `membership`, `resource`, `role`.
 */
id: string, 
/**
 * What becomes of the call there.
 */
state: GateState, 
/**
 * The fact that says so; empty where none does.
 */
fact: string, };

/**
 * One step of progress, and one row of the result.
 */
export type RowProgress = { 
/**
 * Inner scope.
 */
scope: string, 
/**
 * What is done to it.
 */
action: Action, 
/**
 * Where it stands.
 */
state: RowState, 
/**
 * Why it was refused.
 */
problem: Problem | null, };

/**
 * Where a row stands while the plan is applied.
 */
export type RowState = "waiting" | "sending" | "reading_back" | "verified" | "refused" | "not_sent" | "unknown";

/**
 * A rule as Prism stores it.
 */
export type Rule = { 
/**
 * Prism's id of the rule.
 */
id: string, 
/**
 * Which of the four.
 */
rule_type: RuleType, 
/**
 * Client id in `app_*`, user id in `owner_*`; Prism never checks it.
 */
target_id: string, 
/**
 * Unix seconds.
 */
created_at: number | null, };

/**
 * What the staged changes do to a rule.
 */
export type RuleChange = "kept" | "added" | "removed";

/**
 * A rule somebody wants to add.
 */
export type RuleDraft = { 
/**
 * Which of the four.
 */
rule_type: RuleType, 
/**
 * Who it names.
 */
target_id: string, };

/**
 * One step of [`ApplyRules`].
 */
export type RuleProgress = { 
/**
 * The rule.
 */
draft: RuleDraft, 
/**
 * Whether it is added or removed.
 */
change: RuleChange, 
/**
 * Where it stands.
 */
state: RowState, 
/**
 * Why it was refused.
 */
problem: Problem | null, };

/**
 * The four types of rule.
 */
export type RuleType = "owner_allow" | "owner_deny" | "app_allow" | "app_deny";

/**
 * A rule, or a staged one, with what is known about its target.
 */
export type RuleView = { 
/**
 * The rule; staged ones have the id `draft:N`.
 */
rule: Rule, 
/**
 * Name of the consumer or person, where known.
 */
target_name: string | null, 
/**
 * What the target looks like.
 */
target_kind: TargetKind, 
/**
 * `kept`, `added` or `removed`.
 */
change: RuleChange, 
/**
 * Wrong kind of target, no effect, contradiction.
 */
problems: Array<Problem>, };

/**
 * What became of the change.
 */
export type RulesResult = { 
/**
 * Every change with its final state.
 */
rows: Array<RuleProgress>, 
/**
 * One sentence: what is done and what is not.
 */
summary: string, 
/**
 * Why the rest was not sent, if so.
 */
halted: Problem | null, 
/**
 * The rules as they are now.
 */
review: AccessReview, };

/**
 * Creates or updates one definition, read back.
 */
export type SaveDefinition = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * The definition as it shall be.
 */
definition: Definition, };

/**
 * Saves a matrix of this run.
 */
export type SaveMatrix = { 
/**
 * The `id` of the matrix.
 */
matrix: string, 
/**
 * How it is written.
 */
format: TableFormat, 
/**
 * Whether to ask where to save it; otherwise the reply holds the text.
 */
save: boolean, };

/**
 * Asks where to save a text, and saves it.
 */
export type SaveText = { 
/**
 * Suggested file name.
 */
name: string, 
/**
 * Content.
 */
text: string, };

/**
 * Where a text was saved.
 */
export type Saved = { 
/**
 * Path; `None` when the person changed their mind.
 */
path: string | null, };

/**
 * A table that was saved or is to be printed.
 */
export type SavedTable = { 
/**
 * Where it was saved.
 */
path: string | null, 
/**
 * The text, where it was not to be saved.
 */
text: string | null, 
/**
 * Suggested file name.
 */
name: string, 
/**
 * That the table holds characters that cannot be seen, where it does.
 */
note: Problem | null, };

/**
 * A sealed call.
 */
export type SealedCall = { 
/**
 * Where it was saved; `None` when the person changed their mind, or nothing was to be saved.
 */
path: string | null, 
/**
 * The archive, where it was not to be saved.
 */
text: string | null, 
/**
 * Suggested file name.
 */
name: string, 
/**
 * What goes in, and what was replaced.
 */
contents: Contents, 
/**
 * A report for a ticket, Markdown in both languages: what was refused, why, who has to do what, the evidence.
 */
report: string, 
/**
 * How many exchanges stand beside the call.
 */
evidence: number, 
/**
 * Reason code that whoever opens it gets.
 */
cause: string, };

/**
 * How much a problem weighs.
 */
export type Severity = "note" | "risky" | "refused";

/**
 * Signs in: opens the browser, waits up to five minutes for the redirect, exchanges the code. `cancel_job` ends the wait.
 */
export type SignIn = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * The client to sign in as a user of.
 */
client_id: string, 
/**
 * Its secret; `None` for a public client, or when the connection holds this client's credentials.
 */
client_secret: string | null, 
/**
 * Scopes to ask for, in order.
 */
scopes: Array<string>, 
/**
 * What to call the identity; `None` derives it.
 */
label: string | null, 
/**
 * Whether the system browser is opened; without, the address is only reported and the redirect may be pasted.
 */
open_browser: boolean, 
/**
 * Whether the client signs in as itself instead of a person, without a browser (RFC 6749 §4.4). Prism does not offer it.
 */
as_client?: boolean, };

/**
 * What a sign-in takes.
 */
export type SignInPlan = { 
/**
 * The authorization server's issuer, as discovery says.
 */
issuer: string | null, 
/**
 * The redirect URIs in the order they are tried.
 */
redirect_uris: Array<RedirectUri>, 
/**
 * Whether the client can be registered by the console (RFC 7591).
 */
can_register: boolean, 
/**
 * The client's name at the authorization server.
 */
client_name: string | null, 
/**
 * Scopes that would be dropped, each with its reason.
 */
dropped: Array<DroppedScope>, 
/**
 * What stands in the way.
 */
problems: Array<Problem>, };

/**
 * Where a sign-in is.
 */
export type SignInStep = { "step": "waiting", 
/**
 * The authorization request, to be opened in a browser.
 */
authorization_url: string, 
/**
 * The redirect URI in use.
 */
redirect_uri: string, 
/**
 * When the wait ends, Unix milliseconds.
 */
until: number, 
/**
 * Why the browser did not open, if it did not.
 */
problem: Problem | null, } | { "step": "exchanging" };

/**
 * Revokes every token that can be revoked and forgets it.
 */
export type SignOutEverywhere = Record<symbol, never>;

/**
 * A finished sign-in.
 */
export type SignedIn = { 
/**
 * The new identity.
 */
identity: Identity, 
/**
 * Scopes asked for.
 */
requested: Array<string>, 
/**
 * Scopes granted.
 */
granted: Array<string>, 
/**
 * Scopes asked for and not granted, each with its reason.
 */
dropped: Array<DroppedScope>, 
/**
 * What looks odd.
 */
problems: Array<Problem>, };

/**
 * One way to settle one problem of a source.
 */
export type SourceFix = { 
/**
 * Index of the problem in the list of problems.
 */
problem: number, 
/**
 * What the edit does.
 */
kind: FixKind, 
/**
 * The title that is added, or the entry that is removed: its scope, or its text where it has none.
 */
subject: string, 
/**
 * The edit of the text as it was given.
 */
edit: TextEdit, };

/**
 * A place in a text the person gave us. Lines and columns count from 1; columns count characters.
 */
export type Span = { 
/**
 * Line, from 1.
 */
line: number, 
/**
 * Column in characters, from 1.
 */
column: number, 
/**
 * Length in characters; 0 points between two characters.
 */
length: number, };

/**
 * How a call stands, for counts and exit codes.
 */
export type Standing = "allowed" | "denied" | "open";

/**
 * How many calls stand how.
 */
export type Standings = { 
/**
 * Calls where nothing was refused.
 */
allowed: number, 
/**
 * Calls that were refused for a reason that has a name.
 */
denied: number, 
/**
 * Calls whose reason stayed open.
 */
open: number, };

/**
 * One explained call of a text.
 */
export type Subject = { 
/**
 * Index in the archive, from 0.
 */
index: number, 
/**
 * The call.
 */
exchange: ExchangeView, 
/**
 * Id of the provider's route.
 */
route: string | null, 
/**
 * The client the token was issued to, where the evidence tells it.
 */
consumer: Named | null, 
/**
 * The user the token acts for, where the evidence tells it.
 */
person: Named | null, 
/**
 * The cached team list behind the answer, if one is.
 */
cached_list: CachedList | null, 
/**
 * Status of the call; 0 when no answer came.
 */
status: number, 
/**
 * Reason code of the first failed gate, `allowed` when nothing was refused.
 */
cause: string, 
/**
 * How sure.
 */
certainty: Certainty, 
/**
 * The code behind the cause, where one is (`membership.unavailable`, `oauth.scopes_narrowed`).
 */
because?: string, 
/**
 * The answer in one sentence, e.g. "Standup Bot never registered `delete_todos`.".
 */
headline: string, 
/**
 * One line more: what happened and at which gate.
 */
detail: string, 
/**
 * What else the evidence allows, best first.
 */
alternatives: Array<Alternative>, 
/**
 * What was missing.
 */
needs: Needs, 
/**
 * The cure, in order.
 */
remedies: Array<Remedy>, 
/**
 * Whether the user has to approve again before the call can succeed.
 */
reauthorize: boolean, 
/**
 * The checks in their real order.
 */
gates: Array<Gate>, 
/**
 * Every fact used.
 */
evidence: Array<Evidence>, 
/**
 * What would stop the call next once this is cured, one sentence, where the evidence tells.
 */
next_obstacle: string | null, 
/**
 * All refusals of this route with the one that applies lit.
 */
refusals: Array<Refusal>, };

/**
 * How a table is written.
 */
export type TableFormat = "csv" | "json";

/**
 * What kind of thing a rule's target looks like.
 */
export type TargetKind = "client_id" | "hex_id" | "other";

/**
 * Sends one call and explains the answer with evidence gathered live.
 */
export type TestCall = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * Route id.
 */
route: string, 
/**
 * Values by input name; body values are JSON.
 */
values: Record<string, unknown>, };

/**
 * A replacement of one piece of a text. Offsets count UTF-16 code units from 0.
 */
export type TextEdit = { 
/**
 * Where the piece begins.
 */
from: number, 
/**
 * Where it ends.
 */
to: number, 
/**
 * What takes its place.
 */
insert: string, };

/**
 * A text to save or print.
 */
export type TextFile = { 
/**
 * Suggested file name.
 */
name: string, 
/**
 * Content.
 */
text: string, };

/**
 * How far the rows are.
 */
export type TextStep = { 
/**
 * Calls whose reason is found.
 */
done: number, 
/**
 * Calls in all.
 */
total: number, };

/**
 * What people call what the rows name by codes and ids.
 */
export type Titles = { 
/**
 * By reason code.
 */
cause: { [key in string]: string }, 
/**
 * By client id, where the evidence or the console knows a name.
 */
consumer: { [key in string]: string }, 
/**
 * By route id.
 */
route: { [key in string]: string }, 
/**
 * By user id, where the evidence or the console knows a name.
 */
person: { [key in string]: string }, };

/**
 * How the servers of a connection are reached.
 */
export type Transport = { 
/**
 * A file of certificate authorities (PEM) trusted beside the system's.
 */
ca_file: string | null, 
/**
 * Whether the system's proxy is used; otherwise none is.
 */
system_proxy: boolean, 
/**
 * Loopback ports for signing in, tried in order; empty: the usual three.
 */
redirect_ports: Array<number>, 
/**
 * The same as a person typed them, with blanks or commas between; replaces `redirect_ports`. Never returned.
 */
typed_ports?: string | null, };

/**
 * Why no answer came.
 */
export type TransportFailure = "dns" | "refused" | "timeout" | "tls" | "ca_file" | "reset" | "cancelled" | "not_sent" | "other";

/**
 * Opens the passphrase vault for this run.
 */
export type UnlockVault = { 
/**
 * The passphrase.
 */
passphrase: string, };

/**
 * Chooses the identity administration uses.
 */
export type UseAdminIdentity = { 
/**
 * Connection handle.
 */
connection: string, 
/**
 * Identity handle.
 */
identity: string, 
/**
 * Whether it is chosen for this run only, and then no other one stands in for it.
 */
for_this_run?: boolean, };

/**
 * Where secrets are kept.
 */
export type Vault = { 
/**
 * The place in use; `None`: nothing was chosen and no keychain works.
 */
kind: VaultKind | null, 
/**
 * Whether it can be used now.
 */
state: VaultState, 
/**
 * The name people know the keychain by, e.g. "Secret Service", "Keychain", "Credential Manager".
 */
keychain_name: string, 
/**
 * Why the keychain cannot be used; `None`: it works.
 */
keychain_problem: Problem | null, 
/**
 * Whether a passphrase vault was made already.
 */
passphrase_exists: boolean, 
/**
 * Secrets kept beyond this run, all connections together.
 */
kept: number, 
/**
 * What is wrong with the place in use.
 */
problems: Array<Problem>, };

/**
 * A place for secrets.
 */
export type VaultKind = "keychain" | "passphrase" | "memory";

/**
 * Whether a vault can be used now.
 */
export type VaultState = "ready" | "locked" | "absent" | "unchosen";

/**
 * A decision with the rules behind it.
 */
export type Verdict = { 
/**
 * Whether the subject may.
 */
allowed: boolean, 
/**
 * What decided.
 */
decided_by: DecidedBy, 
/**
 * Ids of the rules that decided, at most 20 (for `not_listed`: the allow rules that shut the subject out; drafts have the
 * id `draft:N`).
 */
rule_ids: Array<string>, 
/**
 * How many rules decided.
 */
rule_count: number, 
/**
 * One sentence in the language asked for.
 */
sentence: string, };

/**
 * What was replaced or left out.
 */
export type What = "secret" | "person" | "text" | "id" | "host" | "header" | "parameter" | "member" | "body" | "swept";

/** Every operation: what goes in, what comes out, what is reported meanwhile. */
export interface Contract {
  /**
   * Lists the connections.
   */
  list_connections: { args: ListConnections; reply: Connections; progress: never };
  /**
   * Asks both servers of a connection what they are.
   */
  check_connection: { args: CheckConnection; reply: ConnectionCheck; progress: never };
  /**
   * Finds a deployment from the address of its Glint, or of a Prism. Saves nothing.
   */
  discover_connection: { args: DiscoverConnection; reply: Discovered; progress: never };
  /**
   * Adds a connection found before. Saved without secrets.
   */
  add_connection: { args: AddConnection; reply: Connections; progress: never };
  /**
   * Changes a connection; what is `None` or absent stays. A changed address drops what the credentials are bound to: they are
   * forgotten, because a credential belongs to one scheme, host and port.
   */
  edit_connection: { args: EditConnection; reply: Connections; progress: never };
  /**
   * Makes a copy of a connection without its identities.
   */
  duplicate_connection: { args: DuplicateConnection; reply: Connections; progress: never };
  /**
   * Removes a connection and forgets its identities.
   */
  remove_connection: { args: RemoveConnection; reply: Connections; progress: never };
  /**
   * Takes a credential in, keeps it in the vault, and never hands it out again.
   */
  add_identity: { args: AddIdentity; reply: AddedIdentity; progress: never };
  /**
   * Forgets a pasted credential.
   */
  remove_identity: { args: RemoveIdentity; reply: Connections; progress: never };
  /**
   * Chooses the identity administration uses.
   */
  use_admin_identity: { args: UseAdminIdentity; reply: Connections; progress: never };
  /**
   * Gives an identity another name.
   */
  rename_identity: { args: RenameIdentity; reply: Connections; progress: never };
  /**
   * Goes on with a token that was issued to another client than it is used for: the answer "continue" to the app token
   * warning. `remove_identity` is the answer "discard".
   */
  accept_identity: { args: AcceptIdentity; reply: Connections; progress: never };
  /**
   * Gets a new access token by the refresh token. The same token goes on when somebody else refreshed it meanwhile.
   */
  refresh_identity: { args: RefreshIdentity; reply: IdentityReport; progress: never };
  /**
   * Asks the server who and what the token is, now.
   */
  introspect_identity: { args: IntrospectIdentity; reply: IdentityReport; progress: never };
  /**
   * Revokes the tokens of an identity at the server and forgets them.
   */
  revoke_identity: { args: RevokeIdentity; reply: Revoked; progress: never };
  /**
   * Says what a sign-in at this connection takes: the redirect URIs to register, and what Prism says about a client.
   */
  prepare_sign_in: { args: PrepareSignIn; reply: SignInPlan; progress: never };
  /**
   * Signs in: opens the browser, waits up to five minutes for the redirect, exchanges the code. `cancel_job` ends the wait.
   */
  sign_in: { args: SignIn; reply: SignedIn; progress: SignInStep };
  /**
   * Hands a pasted redirect to the sign-in that waits for it; `state` inside the text says which one.
   */
  finish_sign_in: { args: FinishSignIn; reply: Done; progress: never };
  /**
   * Registers a client for this console, where the authorization server offers it (RFC 7591).
   */
  register_client: { args: RegisterClient; reply: RegisteredClient; progress: never };
  /**
   * Asks where secrets are kept and whether that place works. Probes the keychain by writing, reading and deleting.
   */
  read_vault: { args: ReadVault; reply: Vault; progress: never };
  /**
   * Chooses where secrets are kept, and moves what is kept already. Nothing moves to this run only: there new secrets go,
   * and what is kept stays where it is.
   */
  choose_vault: { args: ChooseVault; reply: Vault; progress: never };
  /**
   * Opens the passphrase vault for this run.
   */
  unlock_vault: { args: UnlockVault; reply: Vault; progress: never };
  /**
   * Closes the passphrase vault and forgets what was read from it.
   */
  lock_vault: { args: LockVault; reply: Vault; progress: never };
  /**
   * Revokes every token that can be revoked and forgets it.
   */
  sign_out_everywhere: { args: SignOutEverywhere; reply: Forgotten; progress: never };
  /**
   * Forgets every secret and every identity, and removes the passphrase vault; connections stay unless asked.
   */
  forget_everything: { args: ForgetEverything; reply: Forgotten; progress: never };
  /**
   * Opens the catalogue: profile, live definitions and known consumers in one answer.
   */
  open_catalog: { args: OpenCatalog; reply: Catalog; progress: never };
  /**
   * Builds `allowed_scopes` from what is ticked.
   */
  build_scopes: { args: BuildScopes; reply: BuiltScopes; progress: never };
  /**
   * Asks Prism what a user would see and what it would leave out today (contract §5).
   */
  preview_consent: { args: PreviewConsent; reply: ConsentPreview; progress: never };
  /**
   * Compares a source with the provider's live definitions. An empty text lists what is there.
   */
  plan_import: { args: PlanImport; reply: ImportPlan; progress: never };
  /**
   * Applies a plan: one request per changed row, then everything is read back.
   *
   * Reports [`RowProgress`] values while it runs.
   */
  apply_import: { args: ApplyImport; reply: ImportResult; progress: RowProgress };
  /**
   * Checks one definition without sending it: what Prism would refuse, field by field (`related` names the field).
   */
  check_definition: { args: CheckDefinition; reply: DefinitionCheck; progress: never };
  /**
   * Creates or updates one definition, read back.
   */
  save_definition: { args: SaveDefinition; reply: Definitions; progress: never };
  /**
   * Deletes one definition, read back.
   */
  delete_definition: { args: DeleteDefinition; reply: Definitions; progress: never };
  /**
   * Prints the live definitions in the form the importer reads.
   */
  export_definitions: { args: ExportDefinitions; reply: TextFile; progress: never };
  /**
   * Reads the rules and judges everybody known; with staged changes it judges before and after. Sends nothing.
   */
  review_access: { args: ReviewAccess; reply: AccessReview; progress: never };
  /**
   * Saves staged rule changes: adds, removes, reads back. Reports [`RuleProgress`] while it runs.
   */
  apply_rules: { args: ApplyRules; reply: RulesResult; progress: RuleProgress };
  /**
   * Lists the provider's routes.
   */
  list_routes: { args: ListRoutes; reply: Routes; progress: never };
  /**
   * Asks the provider what can be picked, as the chosen identity sees it.
   */
  list_choices: { args: ListChoices; reply: Choices; progress: never };
  /**
   * Shows the request without sending it.
   */
  preview_call: { args: PreviewCall; reply: CallPreview; progress: never };
  /**
   * Sends one call and explains the answer with evidence gathered live.
   */
  test_call: { args: TestCall; reply: CallReport; progress: never };
  /**
   * Sends the same read under several identities of a connection. Calls that write are refused.
   */
  compare_calls: { args: CompareCalls; reply: Compared; progress: never };
  /**
   * Foretells every route for one identity, by evidence that changes nothing.
   */
  access_matrix: { args: AccessMatrix; reply: Matrix; progress: MatrixStep };
  /**
   * Saves a matrix of this run.
   */
  save_matrix: { args: SaveMatrix; reply: SavedTable; progress: never };
  /**
   * Seals one call with the exchanges its answer rests on into an HTTP archive, and saves it. Only what the diagnosis
   * needs goes in; secrets are replaced by fingerprints. Without `save` the reply is a preview of what would be saved.
   *
   * Either `call` names a call of this run, or `text` and `entry` a call of an archive.
   */
  export_capsule: { args: ExportCapsule; reply: SealedCall; progress: never };
  /**
   * Asks again what a capsule or an archive tells of, now and with one's own identity.
   *
   * Only reads are sent; of a call that writes, only what would become of it is foretold. A call whose IDs were replaced in
   * a minimised capsule is refused (`recheck.minimised`).
   */
  recheck_call: { args: RecheckCall; reply: Rechecked; progress: never };
  /**
   * Lists every reason code a diagnosis can name.
   */
  list_reasons: { args: ListReasons; reply: Reasons; progress: never };
  /**
   * Explains a pasted answer without sending anything.
   */
  diagnose_text: { args: DiagnoseText; reply: DiagnosedText; progress: never };
  /**
   * Reads a text and says of each of its calls why it was answered so, in a row; nothing is sent. The text is held until
   * it is closed or others are opened.
   */
  open_text: { args: OpenText; reply: OpenedText; progress: TextStep };
  /**
   * Explains one call of a text that is held.
   */
  explain_entry: { args: ExplainEntry; reply: Subject; progress: never };
  /**
   * Lets go of a text; one that is no longer held is no problem.
   */
  close_text: { args: CloseText; reply: Done; progress: never };
  /**
   * Puts a text on the system clipboard.
   */
  copy_text: { args: CopyText; reply: Done; progress: never };
  /**
   * Asks where to save a text, and saves it.
   */
  save_text: { args: SaveText; reply: Saved; progress: never };
  /**
   * Opens a web page in the system browser; https, or loopback, and only hosts of a connection.
   */
  open_url: { args: OpenUrl; reply: Done; progress: never };
  /**
   * Stops a running operation after the request in flight.
   */
  cancel_job: { args: CancelJob; reply: Done; progress: never };
  /**
   * Lists every file the console keeps, with its size and what it holds.
   */
  list_data: { args: ListData; reply: DataFiles; progress: never };
  /**
   * Removes one kind of data, from memory and from the disk.
   */
  delete_data: { args: DeleteData; reply: DeletedData; progress: never };
  /**
   * Prints the saved connections with their identities, without secrets, in the form that [`ImportData`] reads.
   */
  export_data: { args: ExportData; reply: TextFile; progress: never };
  /**
   * Adds the connections of an export. One that is here already, by name and address of Prism, is left alone; where only
   * the name is taken, a number is added to it. Secrets have to be entered again.
   */
  import_data: { args: ImportData; reply: ImportedData; progress: never };
  /**
   * Lists what the console changed in this run.
   */
  read_activity: { args: ReadActivity; reply: Activity; progress: never };
}
