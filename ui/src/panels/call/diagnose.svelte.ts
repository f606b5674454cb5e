// A text that is explained without sending anything: what was pasted or opened, what came out, which call is looked at.
import { asProblem, call } from '../../call';
import type { DiagnosedText, DiagnoseText, Problem, Subject } from '../../contract';
import { live } from '../../parts/live.svelte';
import { fits } from '../../parts/text';
import { workspace } from '../../workspace.svelte';

/** Texts longer than this (letters) are held beside the field, not in it: a field that long cannot be typed in. */
const inField = 200_000;
/** Files larger than this (bytes) belong to the command line, which reads them in a stream. */
export const largest = 64 * 1024 * 1024;

/** A text that is too long for the field, or came from a file. */
export interface Held {
  name: string | null;
  text: string;
  bytes: number;
}

/** Calls with the same reason code. */
export interface CauseGroup {
  cause: string;
  subjects: Subject[];
}

class Reader {
  /** What stands in the field. */
  text = $state('');
  /** A text held beside the field. */
  held = $state.raw<Held | null>(null);
  /** Where the text does not say it. */
  method = $state('');
  url = $state('');
  status = $state('');
  /** What came out. */
  reply = $state.raw<DiagnosedText | null>(null);
  /** Why nothing came out. */
  problem = $state.raw<Problem | null>(null);
  /** Filter of the list of calls. */
  filter = $state('');
  /** Index of the call looked at, within the archive. */
  index = $state<number | null>(null);
  busy = $state(false);
  slow = $state(false);
  /** Counts up with every reading. */
  serial = $state(0);
  /** Whether the text, not the list of its calls, takes the left side. */
  editing = $state(true);

  #asked: DiagnoseText | null = null;
  #lang = workspace.lang;
  #job = '';

  subjects: Subject[] = $derived(this.reply?.subjects ?? []);
  subject: Subject | null = $derived(this.subjects.find((one) => one.index === this.index) ?? this.subjects[0] ?? null);
  /** The calls the filter leaves, most frequent reason first, in the order of the text within one. */
  groups: CauseGroup[] = $derived.by(() => {
    const found = new Map<string, Subject[]>();
    for (const one of this.subjects) {
      if (!fits(this.filter, one.cause, one.exchange.method, one.exchange.url, String(one.status), one.headline)) continue;
      const group = found.get(one.cause);
      if (group) group.push(one);
      else found.set(one.cause, [one]);
    }
    return [...found].map(([cause, subjects]) => ({ cause, subjects })).sort((a, b) => b.subjects.length - a.subjects.length);
  });
  /** Whether an answer came, but with which status is not known: there is nothing to explain yet. */
  statusOpen: boolean = $derived((this.reply?.problems.some((one) => one.code === 'read.status_unknown') ?? false) && this.subject?.status === 0);
  /** Whether there is something to read. */
  filled: boolean = $derived(this.held !== null || this.text.trim() !== '');
  /** Whether the status is empty or a status. */
  statusFits: boolean = $derived(this.status.trim() === '' || /^[1-5]\d\d$/.test(this.status.trim()));

  /** Takes a text over; a long one is held beside the field. */
  take(text: string, name: string | null = null): void {
    if (name === null && text.length <= inField) {
      this.held = null;
      this.text = text;
    } else {
      this.held = { name, text, bytes: new Blob([text]).size };
      this.text = '';
    }
    this.editing = true;
  }

  /** Reads a file: UTF-8, or UTF-16 where it starts with the mark of it. */
  async open(file: File): Promise<void> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
    this.take(new TextDecoder(wide).decode(bytes), file.name);
  }

  /** Empties everything. */
  clear(): void {
    this.text = '';
    this.held = null;
    this.method = '';
    this.url = '';
    this.status = '';
    this.reply = null;
    this.problem = null;
    this.filter = '';
    this.index = null;
    this.editing = true;
    this.#asked = null;
  }

  /** Explains what is there. */
  async explain(): Promise<void> {
    if (!this.filled || !this.statusFits || this.busy) return;
    const status = this.status.trim();
    this.index = null;
    this.filter = '';
    await this.#ask({
      text: this.held?.text ?? this.text,
      format: null,
      method: this.method.trim() || null,
      url: this.url.trim() || null,
      status: status ? Number(status) : null,
      entry: null,
    });
    const one = this.subject;
    const words = workspace.words;
    if (this.problem) live.announce(this.problem.message);
    else if (this.statusOpen) live.announce(this.reply?.problems[0]?.message ?? '');
    else if (this.subjects.length > 1) live.announce(words.call.diagnose.count(this.subjects.length, this.subjects.length));
    else if (one) live.announce(words.call.verdict.announce(String(one.status || words.parts.noAnswer), one.headline.replaceAll('`', ''), words.parts.certainty[one.certainty]));
    this.editing = this.subjects.length < 2;
  }

  /** Explains the same text again when its sentences are in another language than the window. */
  async again(): Promise<void> {
    if (this.#asked && this.reply && this.#lang !== workspace.lang && !this.busy) await this.#ask(this.#asked);
  }

  async #ask(args: DiagnoseText): Promise<void> {
    this.#asked = args;
    this.#lang = workspace.lang;
    this.#job = `diagnose-${this.serial + 1}`;
    this.busy = true;
    const timer = setTimeout(() => (this.slow = true), 300);
    try {
      this.reply = await call('diagnose_text', args, { job: this.#job });
      this.problem = null;
      this.serial += 1;
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      clearTimeout(timer);
      this.busy = this.slow = false;
    }
  }

  /** Stops reading. */
  async stop(): Promise<void> {
    try {
      await call('cancel_job', { job: this.#job });
    } catch {
      // The reading has ended meanwhile.
    }
  }
}

/** The one reader of the window. */
export const reader = new Reader();
