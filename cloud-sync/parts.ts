import type { buildApp } from './app.ts'
import type { Database } from './store/database.ts'

/** What routes work with. */
export interface Parts {
  readonly database: Database
  readonly version: string
  /** Stands in for an administrator until the cloud has its sign-in. */
  readonly adminToken: string
  readonly nowMs: () => number
}

export type App = ReturnType<typeof buildApp>

/** Who may use a route; each says so. */
export type Door = 'open' | 'admin' | 'branch'
