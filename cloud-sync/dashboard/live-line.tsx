import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import {
  LIVE_CLOSES,
  LIVE_PROTOCOL,
  LIVE_STILL_MS,
  type LiveAlerts,
  type LiveFloor,
  type StatsUpdated,
  TOKEN_PROTOCOL,
} from '#shared/wire/live.ts'
import { useHere } from './here.tsx'
import type { FleetData, FloorData } from './queries.ts'
import type { Session } from './session.ts'

// What the cloud tells is put where answers to questions are kept: pages look there, and ask by themselves while the line is cut.

/** Something comes at least this often; a line on which nothing does is taken for cut. */
const SILENT_MS_MAX = 2 * LIVE_STILL_MS
const AGAIN_MS_MIN = 1_000
const AGAIN_MS_MAX = 15_000
/** Many pages lose their line at once when a cloud is started anew: they do not all come back in the same moment. */
const SPREAD = 0.3

interface LiveLine {
  /** Whether what changes is told by itself; null: the line is being opened for the first time. */
  readonly isUp: boolean | null
  /** null: nothing has been told yet. */
  readonly alerts: LiveAlerts | null
}

const LiveContext = createContext<LiveLine>({ isUp: null, alerts: null })
export const useLiveLine = (): LiveLine => useContext(LiveContext)

function keepTold(client: QueryClient, slug: string, branchId: string | null, told: StatsUpdated, steadyMs: number) {
  const at = { nowMs: told.atMs, steadyMs }
  client.setQueryData<FleetData>(['fleet', slug], (before) => {
    const isAll = told.isWhole && branchId === null
    if (before === undefined && !isAll) return undefined
    const toldIds = new Set(told.branches.map((it) => it.branchId))
    const kept = isAll ? [] : (before?.items ?? []).filter((it) => !toldIds.has(it.branchId))
    return { ...at, items: [...kept, ...told.branches] }
  })
  if (branchId === null) return
  client.setQueryData<FloorData>(['floor', slug, branchId], (before) => {
    const floor: LiveFloor | null | undefined = told.floor === undefined ? before?.floor : told.floor
    return floor === undefined ? undefined : { ...at, floor }
  })
}

interface Hearing {
  readonly session: Session
  readonly branchId: string | null
  readonly heard: (told: StatsUpdated) => void
  readonly lost: () => void
}

/** Holds one line open, and opens it again whenever it is cut. @returns ends it */
function holdLine({ session, branchId, heard, lost }: Hearing): () => void {
  let socket: WebSocket | null = null
  let [failures, isOver] = [0, false]
  let timers: ReturnType<typeof setTimeout>[] = []

  function again(): void {
    if (isOver) return
    const waitMs = Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** failures) * (1 + SPREAD * Math.random())
    failures += 1
    timers = [setTimeout(() => void open(), waitMs)]
  }
  const watch = (): void => {
    for (const timer of timers) clearTimeout(timer)
    timers = [setTimeout(() => socket?.close(), SILENT_MS_MAX)]
  }
  async function open(): Promise<void> {
    const token = await session.token()
    if (isOver) return
    const path = `/api/v1/tenants/${session.slug}/live${branchId === null ? '' : `?branch=${branchId}`}`
    socket = new WebSocket(`${location.origin.replace('http', 'ws')}${path}`, [LIVE_PROTOCOL, TOKEN_PROTOCOL + token])
    watch()
    socket.onmessage = ({ data }) => {
      failures = 0
      watch()
      heard(JSON.parse(String(data)) as StatsUpdated)
    }
    socket.onclose = ({ code }) => {
      for (const timer of timers) clearTimeout(timer)
      lost()
      // What she came with is over: with a newer token she goes on.
      if (code === LIVE_CLOSES.over) void session.renew().then(again, again)
      else again()
    }
  }
  void open()
  return () => {
    isOver = true
    for (const timer of timers) clearTimeout(timer)
    socket?.close()
  }
}

/** Has what is shown below told by the cloud: every branch, or one of them with its floor. */
export function LiveProvider({
  branchId,
  children,
}: {
  readonly branchId: string | null
  readonly children: ReactNode
}) {
  const { session, steadyMs } = useHere()
  const client = useQueryClient()
  const [line, setLine] = useState<LiveLine>({ isUp: null, alerts: null })
  useEffect(
    () =>
      holdLine({
        ...{ session, branchId },
        heard(told) {
          keepTold(client, session.slug, branchId, told, steadyMs())
          setLine((before) => {
            if (before.alerts?.changedAtMs !== told.alerts.changedAtMs)
              void client.invalidateQueries({ queryKey: ['alerts', session.slug] })
            return { isUp: true, alerts: told.alerts }
          })
        },
        lost: () => setLine((before) => ({ ...before, isUp: false })),
      }),
    [session, branchId, client, steadyMs],
  )
  return <LiveContext.Provider value={line}>{children}</LiveContext.Provider>
}
