import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/build.ts'],
    // Real tmux servers and processes: two at a time are what a small machine carries.
    maxWorkers: 2,
    // A loaded machine may miss a moment, and tmux 3.3 a key; what fails three times is broken.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
