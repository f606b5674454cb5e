// A text that is explained without sending anything, at one connection: what was pasted or opened, the result, which call is shown.
import { call, Refused } from '../../call';
import type { ConnectionContext } from '../../connectionContext.svelte';
import type { By, CallRow, OpenedText, OpenText, Problem, Subject, TextStep, Titles } from '../../contract';
import { bytesOf } from '../../parts/file';
import { same } from '../../parts/same';
import { bytes as size } from '../../parts/text';
import { Request } from '../../request.svelte';
import { workspace } from '../../workspace.svelte';
import { findable, grouped, lines, passing, type CallGroup, type Line } from './calls';

/** Texts longer than this (letters) are held beside the field, not in it: a field that long cannot be typed in. */
const inField = 200_000;
/** Files larger than this (bytes) belong to the command line, which reads them in a stream. */
export const largest = 64 * 1024 * 1024;

const nothing = {
  severity: 'refused',
  hints: [],
  who: null,
  span: null,
  related: [],
  exchange: null,
} satisfies Partial<Problem>;
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
  /** What the engine made of the text that was sent to it last; a text nobody waits for any more is closed. */
  readonly #opening = new Request('open_text', { ondrop: close });
  readonly #explaining = new Request('explain_entry');
  #shown = $state.raw<Subject | null>(null);
  /** Filter of the list of calls. */
  filter = $state('');
  /** Index of the call looked at, within the archive. */
  index = $state<number | null>(null);
  /** What the list is grouped by. */
  by = $state<By>('cause');
  /** The groups somebody opened or closed. */
  turned = $state.raw<ReadonlySet<string>>(new Set());
  busy: boolean = $derived(this.#opening.busy);
  slow: boolean = $derived(this.#opening.slow);
  /** How far a long text is. */
  step: TextStep | null = $derived(this.#opening.busy ? this.#opening.progress : null);
  /** Whether the call that is chosen takes its time. */
  late: boolean = $derived(this.#explaining.slow);
  /** Counts up with every reading. */
  serial = $state(0);
  /** Whether the text, not the list of its calls, takes the left side. */
  editing = $state(true);

  #lang = workspace.lang;
  #looking = false;

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
  #fresh: boolean = $derived(same(this.#source, this.#opening.asked));
  /** The result for the text on the left; `null` while there is none. */
  reply: OpenedText | null = $derived(this.#fresh ? this.#opening.reply : null);
  /** The call looked at, explained; while another one is chosen, still the last. */
  subject: Subject | null = $derived(this.#fresh ? this.#shown : null);
  /** Why there is no result. */
  problem: Problem | null = $derived(this.#fresh ? (this.#opening.problem ?? this.#explaining.problem) : null);
  rows: CallRow[] = $derived(this.reply?.rows ?? []);
  /** The call that is chosen. */
  chosen: number | null = $derived(this.index ?? this.rows[0]?.index ?? null);
  #findable = $derived(findable(this.rows, this.reply?.titles ?? untitled));
  /** The calls the filter leaves. */
  left: CallRow[] = $derived(passing(this.#findable, this.filter));
  groups: CallGroup[] = $derived(grouped(this.left, this.by, this.reply?.titles ?? untitled));
  lines: Line[] = $derived(lines(this.groups, this.turned));
  /** Whether an answer came, but with which status is not known: there is nothing to explain yet. */
  statusOpen: boolean = $derived(
    (this.reply?.problems.some((one) => one.code === 'read.status_unknown') ?? false) && this.subject?.status === 0,
  );
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
    if (file.size > largest)
      throw new Refused({ ...nothing, code: 'file.too_large', message: words.diagnose.tooLarge(size(largest)) });
    const bytes = await bytesOf(file, parts.file);
    const wide =
      bytes[0] === 0xff && bytes[1] === 0xfe
        ? 'utf-16le'
        : bytes[0] === 0xfe && bytes[1] === 0xff
          ? 'utf-16be'
          : 'utf-8';
    this.take(new TextDecoder(wide).decode(bytes), file.name);
    await this.explain();
  }

  /** Empties everything. */
  clear(): void {
    this.#forget();
    this.text = '';
    this.held = null;
    this.method = '';
    this.url = '';
    this.status = '';
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
    else if (one)
      this.at.announce(
        words.call.verdict.announce(
          String(one.status || words.parts.noAnswer),
          one.headline.replaceAll('`', ''),
          words.parts.certainty[one.certainty],
        ),
      );
    this.editing = this.rows.length < 2;
  }

  /** Looks at another call. Whoever runs through the list is not waited for: only the last one chosen is explained. */
  async look(index: number): Promise<void> {
    this.index = index;
    if (this.#looking) return;
    this.#looking = true;
    while (this.reply && this.chosen !== null && this.subject?.index !== this.chosen) {
      const { text } = this.reply;
      const subject = await this.#explained(text, this.chosen);
      if (!subject) break;
      if (this.reply?.text === text) this.#shown = subject;
    }
    this.#looking = false;
  }

  /** Explains the same text again when its sentences are in another language than the window. */
  async again(): Promise<void> {
    const { asked } = this.#opening;
    if (!asked || !this.reply || this.#lang === workspace.lang) return;
    if ((await this.#open(asked)) && this.chosen !== null) await this.look(this.chosen);
  }

  /** One call; a text the engine closed is opened again. */
  async #explained(text: string, entry: number): Promise<Subject | null> {
    const subject = await this.#explaining.run({ text, entry });
    const { asked } = this.#opening;
    if (subject || this.#explaining.problem?.code !== 'text.closed' || !asked) return subject;
    const opened = await this.#opening.run(asked);
    return opened && this.#explaining.run({ text: opened.text, entry });
  }

  /** Whether the text could be read; `null`: another one was read meanwhile, or none any more. */
  async #open(args: OpenText): Promise<boolean | null> {
    const last = this.#fresh ? this.#opening.reply : null;
    // The same text again keeps its answer until the new one is there; another text takes it away.
    if (!this.#fresh) this.#forget();
    this.#explaining.clear();
    this.#lang = workspace.lang;
    const reply = await this.#opening.run(args);
    if (!reply) return this.#opening.problem && this.#opening.asked === args ? false : null;
    if (last) close(last);
    this.#shown = reply.first;
    this.serial += 1;
    return true;
  }

  #forget(): void {
    if (this.#opening.reply) close(this.#opening.reply);
    this.#opening.clear();
    this.#explaining.clear();
    this.#shown = null;
  }

  /** Stops reading. */
  async stop(): Promise<void> {
    await this.#opening.stop();
  }
}

/** Tells the engine that a text is no longer needed; one that cannot be closed makes room by itself. */
function close(reply: OpenedText): void {
  void call('close_text', { text: reply.text }).catch(() => undefined);
}
