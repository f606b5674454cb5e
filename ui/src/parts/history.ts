// Undo and redo of text fields: one history per field and connection.
//
// The window keeps these histories itself because WebKitGTK's cannot be used. It binds no key to undo; `execCommand('redo')` after new typing
// repeats what was undone before ("two" becomes "twoone"); one history serves all fields, so undo in one changes another; a value set from
// code empties it; and `execCommand('insertText')` needs a minute for 5000 lines. Passwords are the exception: their text stays in the browser.

/** A field that holds text. */
export type TextField = HTMLInputElement | HTMLTextAreaElement;

/** A change of a text: at `at`, `removed` was replaced by `inserted`. */
export interface Edit {
  at: number;
  removed: string;
  inserted: string;
}

type Kind = 'type' | 'delete' | 'compose' | 'other';
type Selection = readonly [from: number, to: number];

interface Step extends Edit {
  kind: Kind;
  /** The selection before the change. */
  before: Selection;
}

/** Steps one field remembers. */
const MAX_STEPS = 500;
/** Characters the steps of one field hold together. */
const MAX_CHARACTERS = 4_000_000;
const noText = ['checkbox', 'radio', 'button', 'submit', 'file', 'range', 'color'];

/** The change that turns one text into another; `null` for equal texts. */
export function editBetween(before: string, after: string): Edit | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before.charCodeAt(at) === after.charCodeAt(at)) at += 1;
  let tail = 0;
  while (
    tail < shorter - at &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  return { at, removed: before.slice(at, before.length - tail), inserted: after.slice(at, after.length - tail) };
}

/** Two changes in a row as one; `null` where they do not touch. */
export function joined(first: Edit, then: Edit): Edit | null {
  const firstEnd = first.at + first.inserted.length;
  const thenEnd = then.at + then.removed.length;
  if (then.at > firstEnd || thenEnd < first.at) return null;
  const left = then.removed.slice(0, Math.max(0, first.at - then.at));
  const right = then.removed.slice(then.removed.length - Math.max(0, thenEnd - firstEnd));
  const kept = [
    first.inserted.slice(0, Math.max(0, then.at - first.at)),
    first.inserted.slice(Math.max(0, thenEnd - first.at)),
  ] as const;
  return {
    at: Math.min(first.at, then.at),
    removed: left + first.removed + (thenEnd > firstEnd ? right : ''),
    inserted: kept[0] + then.inserted + (thenEnd < firstEnd ? kept[1] : ''),
  };
}

/** What one field held, and how to get back there. */
class FieldHistory {
  #done: Step[] = [];
  #undone: Step[] = [];
  #characters = 0;
  /** The next change begins a step of its own. */
  #sealed = true;
  /** The selection before the change under way. */
  selection: Selection;

  constructor(
    private text: string,
    selection: Selection,
  ) {
    this.selection = selection;
  }

  /** Notes what the field holds now. */
  note(text: string, kind: Kind): void {
    const edit = editBetween(this.text, text);
    if (!edit) return;
    this.text = text;
    this.#undone = [];
    const last = this.#done.at(-1);
    const one = last && !this.#sealed && continues(last, edit, kind) ? joined(last, edit) : null;
    if (last && one) this.#replaceLast({ ...last, ...one });
    else this.#push({ ...edit, kind, before: this.selection });
    this.#sealed = kind === 'other';
  }

  /** Ends the step under way. */
  seal(): void {
    this.#sealed = true;
  }

  /** One step back; `null` where there is none. */
  back(): { text: string; selection: Selection } | null {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    this.#characters -= size(step);
    const end = step.at + step.removed.length;
    return this.#turn(step.inserted, step.removed, step.at, step.kind === 'other' ? [end, end] : step.before);
  }

  /** One step forward again; `null` where there is none. */
  forward(): { text: string; selection: Selection } | null {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    this.#characters += size(step);
    const end = step.at + step.inserted.length;
    return this.#turn(step.removed, step.inserted, step.at, [end, end]);
  }

  #turn(from: string, to: string, at: number, selection: Selection): { text: string; selection: Selection } {
    this.text = this.text.slice(0, at) + to + this.text.slice(at + from.length);
    this.selection = selection;
    this.#sealed = true;
    return { text: this.text, selection };
  }

  #push(step: Step): void {
    this.#done.push(step);
    this.#characters += size(step);
    while (this.#done.length > MAX_STEPS || (this.#characters > MAX_CHARACTERS && this.#done.length > 1)) {
      const oldest = this.#done.shift();
      if (oldest) this.#characters -= size(oldest);
    }
  }

  #replaceLast(step: Step): void {
    const last = this.#done.pop();
    if (last) this.#characters -= size(last);
    this.#push(step);
  }
}

function size(edit: Edit): number {
  return edit.removed.length + edit.inserted.length;
}

/** Whether a change belongs to the step before it: the same word typed on, more characters deleted, the same composition. */
function continues(last: Step, edit: Edit, kind: Kind): boolean {
  if (kind !== last.kind || kind === 'other') return false;
  if (kind === 'compose') return true;
  if (kind === 'delete')
    return edit.inserted === '' && (edit.at + edit.removed.length === last.at || edit.at === last.at);
  const newWord = /\s$/.test(last.inserted) && !/^\s/.test(edit.inserted);
  return edit.removed === '' && edit.at === last.at + last.inserted.length && !newWord;
}

function kindOf(event: InputEvent): Kind {
  if (event.isComposing || event.inputType === 'insertCompositionText') return 'compose';
  if (event.inputType === 'insertText' && (event.data?.length ?? 0) <= 2) return 'type';
  return event.inputType === 'deleteContentBackward' || event.inputType === 'deleteContentForward' ? 'delete' : 'other';
}

/** The text field an event comes from; `null` where it comes from elsewhere, or nothing can be typed there. */
export function textFieldOf(target: EventTarget | null): TextField | null {
  if (target instanceof HTMLTextAreaElement) return target.readOnly ? null : target;
  return target instanceof HTMLInputElement && !target.readOnly && !noText.includes(target.type) ? target : null;
}

const ofElements = new WeakMap<TextField, Map<string, FieldHistory>>();
const named = new Map<string, FieldHistory>();
let scopeNow: () => string = () => '';

function selectionOf(field: TextField): Selection {
  const end = field.value.length;
  return [field.selectionStart ?? end, field.selectionEnd ?? end];
}

/** The history of a field on the connection in force. A field with `data-history` keeps it over its own end. */
function historyOf(field: TextField): FieldHistory {
  const scope = scopeNow();
  const name = field.dataset.history;
  const of = name === undefined ? (ofElements.get(field) ?? new Map<string, FieldHistory>()) : named;
  if (name === undefined) ofElements.set(field, of);
  const key = name === undefined ? scope : `${name} ${scope}`;
  const known = of.get(key) ?? new FieldHistory(field.value, selectionOf(field));
  of.set(key, known);
  return known;
}

function show(field: TextField, turned: { text: string; selection: Selection }, inputType: string): void {
  field.value = turned.text;
  if (field.selectionStart !== null) field.setSelectionRange(...turned.selection);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType }));
}

/** Notes a change that code has made, as a step of its own. */
export function noteText(field: TextField | null | undefined): void {
  if (field && field.type !== 'password') historyOf(field).note(field.value, 'other');
}

/** Undoes the last change of a field; `false` where there is none. */
export function undoText(field: TextField): boolean {
  return step(field, 'undo');
}

/** Redoes what was undone last in a field; `false` where there is nothing. */
export function redoText(field: TextField): boolean {
  return step(field, 'redo');
}

function step(field: TextField, command: 'undo' | 'redo'): boolean {
  if (field.type === 'password') return stepInBrowser(field, command);
  noteText(field);
  const history = historyOf(field);
  const turned = command === 'undo' ? history.back() : history.forward();
  if (turned) show(field, turned, command === 'undo' ? 'historyUndo' : 'historyRedo');
  return turned !== null;
}

/** Undone steps of a password since it was typed in last: WebKit would repeat older ones. */
const undonePasswords = new WeakMap<TextField, number>();

/** A password's text is never copied, so the browser's own history has to do; a step that turns out to be another field's is reversed. */
function stepInBrowser(field: TextField, command: 'undo' | 'redo'): boolean {
  const undone = undonePasswords.get(field) ?? 0;
  if (command === 'redo' && undone === 0) return false;
  const changed: EventTarget[] = [];
  const note = (event: Event) => event.target && changed.push(event.target);
  document.addEventListener('input', note, true);
  document.execCommand(command);
  const own = changed.includes(field);
  if (!own && changed.length > 0) document.execCommand(command === 'undo' ? 'redo' : 'undo');
  document.removeEventListener('input', note, true);
  field.focus();
  if (own) undonePasswords.set(field, undone + (command === 'undo' ? 1 : -1));
  return own;
}

function began(event: Event): void {
  const field = textFieldOf(event.target);
  if (!field || field.type === 'password') return;
  const history = historyOf(field);
  history.note(field.value, 'other');
  history.selection = selectionOf(field);
  if (event.type === 'focusin') history.seal();
  // The browser's own menu entry is answered from the same history.
  if (event instanceof InputEvent && (event.inputType === 'historyUndo' || event.inputType === 'historyRedo')) {
    event.preventDefault();
    step(field, event.inputType === 'historyUndo' ? 'undo' : 'redo');
  }
}

function changed(event: Event): void {
  const field = textFieldOf(event.target);
  if (!field || (event instanceof InputEvent && event.inputType.startsWith('history'))) return;
  if (field.type === 'password') undonePasswords.delete(field);
  else historyOf(field).note(field.value, event instanceof InputEvent ? kindOf(event) : 'other');
}

/** Keeps the histories of all text fields; `scope` names the connection in force, whose texts belong to no other. Returns how to stop. */
export function keepHistories(scope: () => string): () => void {
  scopeNow = scope;
  const listeners = [
    ['focusin', began],
    ['beforeinput', began],
    ['input', changed],
  ] as const;
  for (const [type, listener] of listeners) document.addEventListener(type, listener, true);
  return () => {
    for (const [type, listener] of listeners) document.removeEventListener(type, listener, true);
  };
}
