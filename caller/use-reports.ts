import { useEffect, useState } from 'react'
import { getJson } from '#shared/client/get-json.ts'
import { repeat } from '#shared/client/use-polled.ts'
import type { TicketId } from '#shared/domain/ids.ts'
import type { CounterDesk } from '#shared/project/counter-desk.ts'
import type { Page } from './model.ts'
import {
  type BranchReports,
  type Fetched,
  LOADING,
  nextHour,
  nextTimeMs,
  readLastLeaves,
  readToday,
  readToldError,
  readWhatIf,
} from './reports.ts'

const TODAY_MS = 15_000
const OUTLOOK_MS = 30_000
/** A day is not replayed while people look. */
const REPLAY_MS = 600_000

/**
 * What a path answers, asked for again and again while somebody looks.
 * @param path - null: nobody looks
 * @param read - must be the same function each time; null = not what was expected
 */
function useFetched<Value>(path: string | null, everyMs: number, read: (json: unknown) => Value | null) {
  const [known, setKnown] = useState<{ readonly path: string; readonly fetched: Fetched<Value> } | null>(null)
  useEffect(() => {
    if (path === null) return
    let isOver = false
    const stop = repeat(everyMs, async () => {
      const value = read(await getJson(path))
      if (!isOver) setKnown({ path, fetched: value === null ? { status: 'none' } : { status: 'there', value } })
    })
    return () => {
      isOver = true
      stop()
    }
  }, [path, everyMs, read])
  return known !== null && known.path === path ? known.fetched : LOADING
}

interface Looking {
  readonly page: Page
  readonly desk: CounterDesk | null
  readonly atMs: number | null
}

/** The figures of the manager's pages, fetched only while they are looked at. */
export function useReports({ page, desk, atMs }: Looking): BranchReports & {
  readonly setStopAt: (time: string) => void
} {
  const [chosen, setStopAt] = useState<string | null>(null)
  const timezone = desk?.branch?.timezone ?? 'UTC'
  const stopAt = chosen ?? (atMs === null ? '' : nextHour(atMs, timezone))
  const isShown = page === 'today'
  const when = (path: string): string | null => (isShown ? path : null)
  const stopAtMs = isShown && atMs !== null && stopAt !== '' ? nextTimeMs(stopAt, atMs, timezone) : null
  return {
    stopAt,
    setStopAt,
    today: useFetched(when('/api/v1/reports/today'), TODAY_MS, readToday),
    lastLeaves: useFetched(
      stopAtMs === null ? null : `/api/v1/waits/forecast?stopAtMs=${stopAtMs}`,
      OUTLOOK_MS,
      readLastLeaves,
    ),
    oneMore: useFetched(when('/api/v1/waits/what-if?counters=1'), REPLAY_MS, readWhatIf),
    oneLess: useFetched(when('/api/v1/waits/what-if?counters=-1'), REPLAY_MS, readWhatIf),
    told: useFetched(when('/api/v1/waits/error'), OUTLOOK_MS, readToldError),
  }
}

/** What the customer in front said of herself; an empty text where she said nothing. */
export interface CustomerSaid {
  readonly name: string
  readonly phone: string
}

const NOTHING_SAID: CustomerSaid = { name: '', phone: '' }

function readSaid(json: unknown): CustomerSaid {
  if (typeof json !== 'object' || json === null) return NOTHING_SAID
  const { name, phone } = json as { readonly name?: unknown; readonly phone?: unknown }
  return { name: typeof name === 'string' ? name : '', phone: typeof phone === 'string' ? phone : '' }
}

/** Asked for while the ticket stands at this counter, and forgotten with it: it is in no event. */
export function useCustomerSaid(ticketId: TicketId | null): CustomerSaid {
  const [known, setKnown] = useState<{ readonly ticketId: TicketId; readonly said: CustomerSaid } | null>(null)
  useEffect(() => {
    setKnown(null)
    if (ticketId === null) return
    let isOver = false
    void getJson(`/api/v1/tickets/${encodeURIComponent(ticketId)}/details`).then((json) => {
      if (!isOver) setKnown({ ticketId, said: readSaid(json) })
    })
    return () => {
      isOver = true
    }
  }, [ticketId])
  return known !== null && known.ticketId === ticketId ? known.said : NOTHING_SAID
}

const readNote = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'note' in json && typeof json.note === 'string' ? json.note : ''

/**
 * What was written about the ticket at the counter. Notes are no events, so they are asked for.
 * @param round - another number: ask again
 * @returns an empty text when nothing was written, or nothing is known
 */
export function useNote(ticketId: TicketId | null, round: number): string {
  const [known, setKnown] = useState<{ readonly ticketId: TicketId; readonly note: string } | null>(null)
  useEffect(() => {
    if (ticketId === null) return
    let isOver = false
    // Asked once more a round later: an act of this desk may just have written it.
    void round
    void getJson(`/api/v1/tickets/${encodeURIComponent(ticketId)}/note`).then((json) => {
      if (!isOver) setKnown({ ticketId, note: readNote(json) })
    })
    return () => {
      isOver = true
    }
  }, [ticketId, round])
  return known !== null && known.ticketId === ticketId ? known.note : ''
}
