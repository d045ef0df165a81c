import type { Scope } from '#shared/access/roles.ts'
import type { buildApp } from './app.ts'
import type { HeadKeeper } from './audit/head-keeper.ts'
import type { Reading } from './fold/fold-step.ts'
import type { Identity } from './identity/open-identity.ts'
import type { Messaging } from './notify/messaging.ts'
import type { AdmissionLimits } from './plugins/admission.ts'
import type { RateLimits } from './plugins/rate-limits.ts'
import type { Database } from './store/database.ts'

/** What routes work with. */
export interface Parts {
  readonly database: Database
  readonly version: string
  readonly nowMs: () => number
  /** How people sign in; left out: programs alone come in, by their keys. */
  readonly identity?: Identity
  /** Of the proxy before the cloud, which says for whom it asks; left out or null: nobody is believed. */
  readonly proxyAddress?: string | null
  /** Answers for the shapes in our stead; left out or null: we do. May bear a secret. */
  readonly electricUrl?: string | null
  /** How long an answer with nothing in it is held back; left out: as long as Electric does. */
  readonly liveMs?: number
  /** How customers are written to; left out: nobody is, and each channel says that it is not configured. */
  readonly messaging?: Messaging
  /** Left out: as many as two cores bear. */
  readonly admission?: AdmissionLimits
  /** Of a test, whose webhooks are on this machine; left out: in the open alone. */
  readonly admitsLoopback?: boolean
  /** Keeps where the audit stands; left out: nobody here does. */
  readonly headKeeper?: Pick<HeadKeeper, 'doubtedCount'>
  /** Left out: those of a cloud that stands open. */
  readonly rateLimits?: RateLimits
  /** What of a log is understood as it comes; left out: all that this program knows. */
  readonly reading?: Reading
}

export type App = ReturnType<typeof buildApp>

/** Who may use a route; each says so. */
export type Door = 'open' | 'person' | 'branch'

/** What a person must be allowed to do in the tenant of the path; `platform`: she runs the cloud itself. */
export type NeededScope = Scope | 'platform'

/** What a branch comes with: how it is, what lies beside its log or is told to it, or its log. */
export type Lane = 'now' | 'beside' | 'history'
