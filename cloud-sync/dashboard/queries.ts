import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { AlertList, AlertRules, Subscriptions } from '#shared/wire/alerts.ts'
import type { FleetBranch, PublishedVersions } from '#shared/wire/draft.ts'
import type { LiveFloor } from '#shared/wire/live.ts'
import { ask, RefusedError } from './ask.ts'
import { useHere, useSession } from './here.tsx'
import { useLiveLine } from './live-line.tsx'
import type { Session } from './session.ts'

/** How often is asked what nobody tells. */
export const LOOK_MS = 5_000
const TICK_MS = 1_000

/** When something was so: by the cloud's clock, and by the page's own, which goes on from there. */
interface At {
  readonly nowMs: number
  readonly steadyMs: number
}
export interface FleetData extends At {
  readonly items: readonly FleetBranch[]
}
export interface FloorData extends At {
  /** null: the branch has never said how it is. */
  readonly floor: LiveFloor | null
}

/** The cloud's time now, going on from when this was so: waits and ages go on by themselves. */
export function useCloudNowMs(at: At | undefined): number {
  const { steadyMs } = useHere()
  const [, setTick] = useState(0)
  useEffect(() => {
    const ticking = setInterval(() => setTick((tick) => tick + 1), TICK_MS)
    return () => clearInterval(ticking)
  }, [])
  return at === undefined ? 0 : at.nowMs + Math.max(0, steadyMs() - at.steadyMs)
}

interface FleetPage {
  readonly items: readonly FleetBranch[]
  readonly next: string | null
}

async function readFleet(session: Session, steadyMs: () => number): Promise<FleetData> {
  const first = await ask<FleetPage>(session, 'GET', '/fleet')
  const at = { nowMs: first.nowMs, steadyMs: steadyMs() }
  const items = [...first.body.items]
  for (let { next } = first.body; next !== null; ) {
    const { body } = await ask<FleetPage>(session, 'GET', `/fleet?after=${next}`)
    items.push(...body.items)
    next = body.next
  }
  return { ...at, items }
}

/** Every branch at a glance, and the cloud's time at which it was so: told by the line, asked for while that is cut. */
export function useFleet() {
  const { session, steadyMs } = useHere()
  const { isUp } = useLiveLine()
  return useQuery({
    queryKey: ['fleet', session.slug],
    refetchInterval: isUp === true ? false : LOOK_MS,
    queryFn: () => readFleet(session, steadyMs),
  })
}

/** How a branch was when it was heard last, and who is there. */
export function useFloor(branchId: string) {
  const { session, steadyMs } = useHere()
  const { isUp } = useLiveLine()
  return useQuery({
    queryKey: ['floor', session.slug, branchId],
    refetchInterval: isUp === true ? false : LOOK_MS,
    async queryFn(): Promise<FloorData> {
      try {
        const { body, nowMs } = await ask<LiveFloor>(session, 'GET', `/branches/${branchId}/floor`)
        return { floor: body, nowMs, steadyMs: steadyMs() }
      } catch (error) {
        if (error instanceof RefusedError && error.code === 'BranchUnknown')
          return { floor: null, nowMs: 0, steadyMs: steadyMs() }
        throw error
      }
    },
  })
}

export function useVersions(branchId: string) {
  const session = useSession()
  return useQuery({
    queryKey: ['versions', session.slug, branchId],
    refetchInterval: LOOK_MS,
    queryFn: async () => (await ask<PublishedVersions>(session, 'GET', `/branches/${branchId}/catalogues`)).body,
  })
}

/** Alerts that go on, then the latest of those that are over. */
export function useAlerts() {
  const session = useSession()
  const { isUp } = useLiveLine()
  return useQuery({
    queryKey: ['alerts', session.slug],
    refetchInterval: isUp === true ? false : LOOK_MS,
    queryFn: async () => (await ask<AlertList>(session, 'GET', '/alerts')).body.items,
  })
}

export function useAlertRules() {
  const session = useSession()
  return useQuery({
    queryKey: ['alert-rules', session.slug],
    queryFn: async () => (await ask<AlertRules>(session, 'GET', '/alert-rules')).body,
  })
}

export function useSubscriptions() {
  const session = useSession()
  return useQuery({
    queryKey: ['report-subscriptions', session.slug],
    queryFn: async () => (await ask<Subscriptions>(session, 'GET', '/report-subscriptions')).body,
  })
}

/** A message to a branch, and what became of it. */
export interface SentMessage {
  readonly number: number
  readonly sentAtMs: number
  readonly message: { readonly type?: string; readonly messageId?: string }
  readonly outcome: string | null
}

export function useMessages(branchId: string) {
  const session = useSession()
  return useQuery({
    queryKey: ['inbox', session.slug, branchId],
    refetchInterval: LOOK_MS,
    queryFn: async () => (await ask<readonly SentMessage[]>(session, 'GET', `/branches/${branchId}/inbox`)).body,
  })
}
