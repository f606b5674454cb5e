// Files a person opens. A file that cannot be read is the file's problem, never the engine's.
import { Refused } from '../call';
import type { Problem } from '../contract';
import { clip, shown } from './text';

/** The words for a file that cannot be read. */
export interface FileWords {
  /** What failed. */
  unreadable: (name: string) => string;
  /** What to do. */
  unreadableHint: string;
}

/**
 * Returns the bytes of a file.
 *
 * @throws {Refused} with `file.unreadable` when the system does not hand them out.
 */
export async function bytesOf(file: File, words: FileWords): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    const problem: Problem = {
      code: 'file.unreadable',
      severity: 'refused',
      message: words.unreadable(clip(shown(file.name), 80)),
      hints: [words.unreadableHint],
      who: null,
      span: null,
      related: [error instanceof Error ? error.message : String(error)],
      exchange: null,
    };
    throw new Refused(problem);
  }
}
