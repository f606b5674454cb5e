// A text that is explained without sending anything, at one connection: what was pasted or opened, the result, which call is shown.
import { asProblem, call, Refused } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { By, CallRow, OpenedText, OpenText, Problem, Subject, TextStep, Titles } from '../../contract';
import { bytesOf } from '../../parts/file';
import { bytes as size } from '../../parts/text';
import { workspace } from '../../workspace.svelte';
import { findable, grouped, lines, passing, type CallGroup, type Line } from './calls';

/** Texts longer than this (letters) are held beside the field, not in it: a field that long cannot be typed in. */
const inField = 200_000;
/** Files larger than this (bytes) belong to the command line, which reads them in a stream. */
export const largest = 64 * 1024 * 1024;

/** After this many milliseconds something is shown of what takes its time. */
const patience = 300;
const nothing = { severity: 'refused', hints: [], who: null, span: null, related: [], exchange: null } satisfies Partial<Problem>;
const untitled: Titles = { cause: {}, consumer: {}, route: {}, person: {} };

/** A text that is too long for the field, or came from a file. */
export interface Held {
  name: string | null;
  text: string;
  bytes: number;
}

/** The text to explain and its explanation. */
export class Reader {
  /** What stands in the field. */
  text = $state('');
  /** A text held beside the field. */
  held = $state.raw<Held | null>(null);
  /** Where the text does not say it. */
  method = $state('');
  url = $state('');
  status = $state('');
  /** What the engine made of the text that was sent to it last. */
  #answer = $state.raw<OpenedText | null>(null);
  #shown = $state.raw<Subject | null>(null);
  #refused = $state.raw<Problem | null>(null);
  #asked = $state.raw<OpenText | null>(null);
  /** Filter of the list of calls. */
  filter = $state('');
  /** Index of the call looked at, within the archive. */
  index = $state<number | null>(null);
  /** What the list is grouped by. */
  by = $state<By>('cause');
  /** The groups somebody opened or closed. */
  turned = $state.raw<ReadonlySet<string>>(new Set());
  busy = $state(false);
  slow = $state(false);
  /** How far a long text is. */
  step = $state.raw<TextStep | null>(null);
  /** Whether the call that is chosen takes its time. */
  late = $state(false);
  /** Counts up with every reading. */
  serial = $state(0);
  /** Whether the text, not the list of its calls, takes the left side. */
  editing = $state(true);

  #lang = workspace.lang;
  #job = '';
  #looking = false;
  #turn = 0;

  constructor(readonly at: ConnectionContext) {}

  /** The text with what is typed beside it, as the engine reads it. */
  #source: OpenText = $derived({
    text: this.held?.text ?? this.text,
    format: null,
    method: this.method.trim() || null,
    url: this.url.trim() || null,
    status: this.status.trim() ? Number(this.status.trim()) : null,
  });
  /** Whether the answer on hand is about what the left side shows; another text takes the old answer away. */
  #fresh: boolean = $derived.by(() => {
    const [now, asked] = [this.#source, this.#asked];
    return asked !== null && now.text === asked.text && now.method === asked.method && now.url === asked.url && now.status === asked.status;
  });
  /** The result for the text on the left; `null` while there is none. */
  reply: OpenedText | null = $derived(this.#fresh ? this.#answer : null);
  /** The call looked at, explained; while another one is chosen, still the last. */
  subject: Subject | null = $derived(this.#fresh ? this.#shown : null);
  /** Why there is no result. */
  problem: Problem | null = $derived(this.#fresh ? this.#refused : null);
  rows: CallRow[] = $derived(this.reply?.rows ?? []);
  /** The call that is chosen. */
  chosen: number | null = $derived(this.index ?? this.rows[0]?.index ?? null);
  #findable = $derived(findable(this.rows, this.reply?.titles ?? untitled));
  /** The calls the filter leaves. */
  left: CallRow[] = $derived(passing(this.#findable, this.filter));
  groups: CallGroup[] = $derived(grouped(this.left, this.by, this.reply?.titles ?? untitled));
  lines: Line[] = $derived(lines(this.groups, this.turned));
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

  /**
   * Reads a file (UTF-8, or UTF-16 with its mark) and explains it.
   *
   * @throws {Refused} with `file.unreadable` or `file.too_large`.
   */
  async open(file: File): Promise<void> {
    const { call: words, parts } = workspace.words;
    if (file.size > largest) throw new Refused({ ...nothing, code: 'file.too_large', message: words.diagnose.tooLarge(size(largest)) });
    const bytes = await bytesOf(file, parts.file);
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
    this.take(new TextDecoder(wide).decode(bytes), file.name);
    await this.explain();
  }

  /** Empties everything. */
  clear(): void {
    this.#turn += 1;
    this.#close(this.#answer);
    this.text = '';
    this.held = null;
    this.method = '';
    this.url = '';
    this.status = '';
    this.#answer = this.#shown = this.#refused = this.#asked = null;
    this.busy = this.slow = false;
    this.filter = '';
    this.turned = new Set();
    this.index = null;
    this.editing = true;
  }

  /** Groups by something else; every group is as it was at first. */
  groupBy(by: By): void {
    this.by = by;
    this.turned = new Set();
  }

  /** Opens or closes a group. */
  turn(id: string): void {
    const turned = new Set(this.turned);
    if (!turned.delete(id)) turned.add(id);
    this.turned = turned;
  }

  /** Explains what is there; a text that is still being read gives way to it. */
  async explain(): Promise<void> {
    if (!this.filled || !this.statusFits) return;
    const opened = await this.#open(this.#source);
    if (opened === null) return;
    if (opened) {
      this.index = null;
      this.filter = '';
      this.turned = new Set();
    }
    const one = this.subject;
    const words = workspace.words;
    if (this.problem) this.at.announce(this.problem.message);
    else if (this.statusOpen) this.at.announce(this.reply?.problems[0]?.message ?? '');
    else if (this.rows.length > 1) this.at.announce(words.call.diagnose.count(this.rows.length, this.rows.length));
    else if (one) this.at.announce(words.call.verdict.announce(String(one.status || words.parts.noAnswer), one.headline.replaceAll('`', ''), words.parts.certainty[one.certainty]));
    this.editing = this.rows.length < 2;
  }

  /** Looks at another call. Whoever runs through the list is not waited for: only the last one chosen is explained. */
  async look(index: number): Promise<void> {
    this.index = index;
    if (this.#looking) return;
    this.#looking = true;
    const timer = setTimeout(() => (this.late = true), patience);
    try {
      while (this.reply && this.chosen !== null && this.subject?.index !== this.chosen) {
        const { text } = this.reply;
        const subject = await this.#explained(text, this.chosen);
        if (this.reply?.text === text) this.#shown = subject;
      }
      this.#refused = null;
    } catch (error) {
      this.#refused = asProblem(error);
    } finally {
      clearTimeout(timer);
      this.#looking = this.late = false;
    }
  }

  /** Explains the same text again when its sentences are in another language than the window. */
  async again(): Promise<void> {
    if (!this.#asked || !this.reply || this.#lang === workspace.lang) return;
    if ((await this.#open(this.#asked)) && this.chosen !== null) await this.look(this.chosen);
  }

  /** One call; a text the engine let go of is opened again. */
  async #explained(text: string, entry: number): Promise<Subject> {
    try {
      return await call('explain_entry', { text, entry });
    } catch (error) {
      if (asProblem(error).code !== 'text.closed' || !this.#asked) throw error;
      const opened = (this.#answer = await call('open_text', this.#asked));
      return call('explain_entry', { text: opened.text, entry });
    }
  }

  /** Whether the text could be read; `null`: another one was read meanwhile, or none any more. */
  async #open(args: OpenText): Promise<boolean | null> {
    const turn = (this.#turn += 1);
    if (this.busy) void this.stop();
    // The same text again keeps its answer until the new one is there; another text takes it away.
    const last = this.#answer;
    if (!this.#fresh) {
      this.#close(last);
      this.#answer = this.#shown = this.#refused = null;
    }
    this.#asked = args;
    this.#lang = workspace.lang;
    this.#job = `open-text-${this.at.id}-${turn}`;
    this.busy = true;
    const timer = setTimeout(() => turn === this.#turn && (this.slow = true), patience);
    try {
      const reply = await call('open_text', args, { job: this.#job, onProgress: (step) => turn === this.#turn && (this.step = step) });
      if (turn !== this.#turn) {
        this.#close(reply);
        return null;
      }
      if (this.#answer) this.#close(last);
      this.#answer = reply;
      this.#shown = reply.first;
      this.#refused = null;
      this.serial += 1;
      return true;
    } catch (error) {
      if (turn !== this.#turn) return null;
      this.#refused = asProblem(error);
      return false;
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) {
        this.busy = this.slow = false;
        this.step = null;
      }
    }
  }

  /** Tells the engine to let go of a text. */
  #close(reply: OpenedText | null): void {
    // What cannot be closed makes room by itself.
    if (reply) void call('close_text', { text: reply.text }).catch(() => undefined);
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
