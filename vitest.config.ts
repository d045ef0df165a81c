import { defineConfig } from 'vitest/config'

const quick = ['{shared,branch-server,kiosk,display,caller,tools}/**/*.test.{ts,tsx}']
const slow = ['e2e/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: quick, environment: 'node', testTimeout: 30_000 } },
      {
        test: { name: 'e2e', include: slow, environment: 'node', testTimeout: 600_000, hookTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
})
