import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/build.ts', 'tests/support/leftovers.ts'],
    // Real tmux servers and processes: two at a time are what a small machine carries.
    maxWorkers: 2,
    // Longer than `until` is patient, so that what did not come is named.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
