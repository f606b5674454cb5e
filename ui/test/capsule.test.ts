import { expect, test } from 'vitest';

import type { What } from '../src/contract';
import { catalogues } from '../src/words';

const kinds = [
  'secret',
  'person',
  'text',
  'id',
  'host',
  'header',
  'parameter',
  'member',
  'body',
  'swept',
] satisfies What[];

test('every kind that a capsule replaces has a word in both languages', () => {
  for (const lang of ['en', 'zh'] as const) {
    const w = catalogues[lang].call.capsule;
    const said = kinds.map((what) => w.replaced([{ what, count: 3 }]));
    expect(new Set(said).size).toBe(kinds.length);
    // A kind without a word would be shown by its code.
    expect(said.filter((text, at) => text.includes(`3 ${kinds[at]}.`) || text.includes(`个${kinds[at]}。`))).toEqual(
      [],
    );
    expect(w.replaced([])).not.toContain('undefined');
    expect(w.leftOut(1)).toContain('1');
  }
});
