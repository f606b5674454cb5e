/** How an ability of an identity is shown. */
import type { Ability } from '../../contract';
import type { IconName } from '../../parts/icons';

interface Look {
  tone: 'pass' | 'secondary' | 'muted';
  icon: IconName;
  /** The word of `words.connections`. */
  word: 'can' | 'cannot' | 'unknown';
}

/** Certain, not known, or not there. */
export function abilityLook(ability: Ability): Look {
  if (!ability.can) return { tone: 'muted', icon: 'minus', word: 'cannot' };
  return ability.known
    ? { tone: 'pass', icon: 'check', word: 'can' }
    : { tone: 'secondary', icon: 'g-unk', word: 'unknown' };
}
