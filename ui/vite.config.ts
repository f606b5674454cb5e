import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

class ByName extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((one, other) => one.moduleId.localeCompare(other.moduleId)));
  }
}

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  build: {
    target: 'es2022',
    // The content security policy allows neither inline scripts nor data addresses.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
  // Under a test runner the browser build of Svelte is meant, not the server's.
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: {
    environment: 'happy-dom',
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // One process for all files, in the order of their names: test/setup.ts gives each file modules of its own. A process
    // for each file takes three times as long.
    isolate: false,
    fileParallelism: false,
    sequence: { sequencer: ByName },
    experimental: { fsModuleCache: true },
  },
}));
