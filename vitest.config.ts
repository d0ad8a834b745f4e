import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

/** Closes with the one line that CI reads: `N passed, N failed, N skipped`. */
const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1
      for (const test of module.children.allTests()) count[test.result().state] += 1
    }
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  },
}

const isLong = process.env['FAIRWAY_LONG'] === '1'

// Commands that tests start as processes of their own load some hundred modules each, from here on without compiling them again.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

const conditions = ['@fairway/source', 'module', 'node', 'development|production']

export default defineConfig({
  // Tests run against the TypeScript sources of every workspace package: no build before them.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // `*.long.test.ts` has a script of its own, `pnpm test:long`; each has a short relative that runs always.
    include: isLong
      ? ['packages/*/test/**/*.long.test.ts', 'scripts/**/*.long.test.ts']
      : ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: isLong ? [] : ['**/*.long.test.ts', '**/node_modules/**'],
    typecheck: { enabled: false },
    // One module graph per worker instead of one per file: nothing here mocks modules, and loading them took as long as the tests.
    isolate: false,
    // vitest takes a core less than there are; most of the time tests wait for git and Docker.
    maxWorkers: Math.max(4, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', closingLine],
  },
})
