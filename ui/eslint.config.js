import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

import config from './svelte.config.js';

export default ts.config(
  { ignores: ['dist', '.svelte-check', 'src/contract.ts'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  {
    rules: {
      // A name that begins with `_` is there to be left out.
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      // Collections are replaced, never changed in place: `$state.raw` sees that, and a plain Map is cheaper.
      'svelte/prefer-svelte-reactivity': 'off',
      // The rule takes the reason behind `--` for names of warnings; the compiler itself reports what is not needed.
      'svelte/no-unused-svelte-ignore': 'off',
      // A blank at the edge of a text has to be written as one.
      'svelte/no-useless-mustaches': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig: config } },
  },
);
