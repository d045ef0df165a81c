import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { VoiceCounts } from '#shared/wire/voice.ts'

/** What a branch counts of itself, read at each scrape. */
export interface Counted {
  readonly eventCount: () => number
  readonly readerCount: () => number
  readonly waitingCount: () => number
  readonly voiceCounts: () => VoiceCounts
}

/** The measures of a branch, and those of the process from now on. */
export function createMetrics({ eventCount, readerCount, waitingCount, voiceCounts }: Counted): Registry {
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
  new Counter({
    name: 'smartqueue_speech_total',
    help: 'Calls as the lobby heard them: said, or what was left out of them so that speech keeps up',
    labelNames: ['what'],
    registers: [register],
    collect() {
      this.reset()
      for (const [what, count] of Object.entries(voiceCounts())) this.inc({ what }, count)
    },
  })
  gauge('smartqueue_feed_readers', 'Devices that follow the feed', readerCount)
  gauge('smartqueue_waiting_tickets', 'Tickets that wait', waitingCount)
  return register
}
