import type { IconName } from './icons';

/** Something to choose. */
export interface Option {
  value: string;
  label: string;
  /** One more word, in grey. */
  note?: string;
  /** An identifier, shortened. */
  code?: string;
  /** At the right end, in grey. */
  end?: string;
  icon?: IconName;
  /** Heading above the first option of this group. */
  group?: string;
}
