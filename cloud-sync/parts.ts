import type { buildApp } from './app.ts'
import type { Database } from './store/database.ts'

/** What routes work with. */
export interface Parts {
  readonly database: Database
  readonly version: string
  /** Stands in for an administrator until the cloud has its sign-in. */
  readonly adminToken: string
  readonly nowMs: () => number
  /** Answers for the shapes in our stead; left out or null: we do. May bear a secret. */
  readonly electricUrl?: string | null
  /** How long an answer with nothing in it is held back; left out: as long as Electric does. */
  readonly liveMs?: number
}

export type App = ReturnType<typeof buildApp>

/** Who may use a route; each says so. */
export type Door = 'open' | 'admin' | 'branch'
