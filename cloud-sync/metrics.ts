import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { FoldHealth, FoldKeeper } from './jobs/fold-keeper.ts'
import type { Admission } from './plugins/admission.ts'

/** What a cloud counts of itself, read at each scrape. */
export interface Counted {
  readonly counts: FoldKeeper['counts']
  readonly health: () => FoldHealth
  readonly admission: Admission
  /** Lines on which head office follows what happens. */
  readonly followerCount: () => number
}

/** The measures of a cloud, and those of the process from now on. */
export function createMetrics({ counts, health, admission, followerCount }: Counted): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      ...{ name, help, registers: [register] },
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      ...{ name, help, registers: [register] },
      collect() {
        this.set(read())
      },
    })
  }
  counter('smartqueue_uploaded_events_total', 'Events of branches that were kept', () => counts().eventCount)
  counter('smartqueue_uploads_total', 'Uploads of branches that were kept', () => counts().uploadCount)
  gauge(
    'smartqueue_set_aside_events',
    'Events that could not be read; their tickets are in no figure',
    () => health().setAsideCount,
  )
  gauge('smartqueue_branches_behind', 'Branches whose log is not read to its end', () => health().behindCount)
  gauge(
    'smartqueue_branches_failed',
    'Branches whose log could not be read when last tried',
    () => health().failedCount,
  )
  for (const lane of ['now', 'beside', 'history'] as const)
    counter(
      `smartqueue_turned_away_${lane}_total`,
      'Requests of branches that were told to come again',
      () => admission.turnedAwayCounts[lane],
    )
  gauge('smartqueue_history_waiting', 'Branches that wait to bring their history', admission.waitingCount)
  gauge('smartqueue_history_places', 'Branches that bring their history now', admission.placeCount)
  gauge('smartqueue_live_lines', 'Lines on which head office follows what happens', followerCount)
  return register
}
