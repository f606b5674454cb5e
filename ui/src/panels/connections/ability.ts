/** How an ability of an identity is shown. */
import type { Ability } from '../../contract';
import type { IconName } from '../../parts/icons';

interface Look {
  tone: 'pass' | 't2' | 't3';
  icon: IconName;
  /** The word of `words.connections`. */
  word: 'can' | 'cannot' | 'unknown';
}

/** Certain, not known, or not there. */
export function abilityLook(ability: Ability): Look {
  if (!ability.can) return { tone: 't3', icon: 'minus', word: 'cannot' };
  return ability.known ? { tone: 'pass', icon: 'check', word: 'can' } : { tone: 't2', icon: 'g-unk', word: 'unknown' };
}
