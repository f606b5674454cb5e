// The one door to the engine. Nothing else in the window knows whether a desktop shell or the loopback page host answers.
import { Channel, invoke, isTauri } from '@tauri-apps/api/core';

import type { Contract, Envelope, Lang, Problem } from './contract';
import { catalogues } from './words';

/** Name of an operation of the engine. */
export type Operation = keyof Contract;
/** What an operation takes. */
export type Args<K extends Operation> = Contract[K]['args'];
/** What an operation answers. */
export type Reply<K extends Operation> = Contract[K]['reply'];
/** What an operation reports while it runs. */
export type Report<K extends Operation> = Contract[K]['progress'];

/** How a call may be followed and stopped. */
export interface CallOptions<K extends Operation> {
  /** A name by which `cancel_job` can stop it. */
  job?: string;
  /** Called for every report, in order, before the reply. */
  onProgress?: (report: Report<K>) => void;
  /** A person did something that needs a secret: where the vault is not open, the question comes up and the call is tried again. Without it the refusal is only shown. */
  asksVault?: boolean;
}

/** An operation that was refused; `problem` says why. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

let language: Lang = 'en';
let gate: (() => Promise<boolean>) | null = null;

/** Sets who is asked when secrets cannot be kept or read; `true` from it: the operation is tried once more. */
export function whenLocked(ask: () => Promise<boolean>): void {
  gate = ask;
}

/** Whether a refusal says that the vault has to be chosen or opened first. */
export function lockedOut(problem: Problem): boolean {
  return problem.code === 'vault.unchosen' || problem.code === 'vault.locked';
}

/** Sets the language every reply from now on is written in. */
export function speak(lang: Lang): void {
  language = lang;
}

/**
 * Runs one operation of the engine. With `asksVault`, where the vault has to be chosen or opened first, the person is asked, and it goes on.
 *
 * @throws {Refused} with the engine's Problem, or with `host.unreachable` when nothing answers.
 */
export async function call<K extends Operation>(
  operation: K,
  args: Args<K>,
  options: CallOptions<K> = {},
): Promise<Reply<K>> {
  const envelope: Envelope = { operation, args, lang: language, job: options.job ?? null };
  const report = (value: unknown) => options.onProgress?.(value as Report<K>);
  const ask = async () => (await (isTauri() ? askShell(envelope, report) : askHost(envelope, report))) as Reply<K>;
  try {
    return await ask();
  } catch (error) {
    const problem = told(error);
    if (gate && options.asksVault && lockedOut(problem) && (await gate())) return retry(ask);
    throw new Refused(problem);
  }
}

/** Once more; what is refused now stays refused. */
async function retry<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new Refused(told(error));
  }
}

/** The Problem in whatever was thrown. What is no answer of the engine is a fault of the window: `window.failed`. */
export function asProblem(error: unknown): Problem {
  const words = catalogues[language].parts;
  return known(error) ?? made('window.failed', words.windowFailed, words.windowFailedHint, error);
}

/** An answer that is no answer of an operation: the engine is there and failed. */
class Failed extends Error {}

/** The Problem in what a request to the engine threw: its own, `host.failed`, or `host.unreachable` where nothing answered. */
function told(error: unknown): Problem {
  const words = catalogues[language].parts;
  if (error instanceof Failed) return made('host.failed', words.hostFailed, words.hostFailedHint, error);
  return known(error) ?? made('host.unreachable', words.hostSilent, words.hostSilentHint, error);
}

function known(error: unknown): Problem | null {
  if (error instanceof Refused) return error.problem;
  return isProblem(error) ? error : null;
}

function made(code: string, message: string, hint: string, error: unknown): Problem {
  return {
    code,
    severity: 'refused',
    message,
    hints: [hint],
    who: 'operator',
    span: null,
    related: [error instanceof Error ? error.message : String(error)],
    exchange: null,
  };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'severity' in value && 'message' in value;
}

function askShell(envelope: Envelope, report: (value: unknown) => void): Promise<unknown> {
  const progress = new Channel<unknown>();
  progress.onmessage = report;
  return invoke('call', { envelope, progress }).catch((error: unknown) => {
    throw isProblem(error) ? error : new Failed(error instanceof Error ? error.message : String(error));
  });
}

async function askHost(envelope: Envelope, report: (value: unknown) => void): Promise<unknown> {
  const answer = await fetch('/call', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(envelope),
  });
  if (!answer.ok || !answer.body) throw new Failed(`HTTP ${answer.status}`);
  for await (const line of lines(answer.body)) {
    const message = JSON.parse(line) as { progress?: unknown; reply?: unknown; problem?: Problem };
    if ('progress' in message) report(message.progress);
    else if (message.problem) throw new Refused(message.problem);
    else if ('reply' in message) return message.reply;
  }
  throw new Error('the answer ended early');
}

/** The lines of a stream; a line may arrive in several pieces, and a piece may hold several lines. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim()) yield part;
    if (done) break;
  }
  if (rest.trim()) yield rest;
}
