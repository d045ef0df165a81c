import { defineConfig } from 'vitest/config'

const rooms = '{shared,branch-server,kiosk,display,caller,tools}'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${rooms}/**/*.test.{ts,tsx}`],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole programs, a browser, power cuts: one file after the other, once the quick tests are done.
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
