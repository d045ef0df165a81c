import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** What a branch counts of itself, read at each scrape. */
export interface Counted {
  readonly eventCount: () => number
  readonly readerCount: () => number
  readonly waitingCount: () => number
}

/** The measures of a branch, and those of the process from now on. */
export function createMetrics({ eventCount, readerCount, waitingCount }: Counted): Registry {
  const register = new Registry()
  collectDefaultMetrics({ register })
  new Counter({
    name: 'smartqueue_events_total',
    help: 'Events committed',
    registers: [register],
    collect() {
      this.reset()
      this.inc(eventCount())
    },
  })
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [register],
      collect() {
        this.set(read())
      },
    })
  }
  gauge('smartqueue_feed_readers', 'Devices that follow the feed', readerCount)
  gauge('smartqueue_waiting_tickets', 'Tickets that wait', waitingCount)
  return register
}
