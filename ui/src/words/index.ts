// Every sentence of the window, in both languages. `zh` has the type of `en`: a missing key fails the check.
import type { Lang } from '../contract';
import * as en from './en';
import * as zh from './zh';

/** All words of one language. */
export type Words = typeof en;

/** The catalogue of each language. */
export const catalogues: Record<Lang, Words> = { en, zh };
