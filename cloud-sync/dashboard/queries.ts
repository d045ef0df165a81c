import { useQuery } from '@tanstack/react-query'
import type { FleetBranch, PublishedVersions } from '#shared/wire/draft.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import { ask, RefusedError } from './ask.ts'
import { useSession } from './here.tsx'
import type { Session } from './session.ts'

/** How long what is shown may stay behind. */
const LOOK_MS = 5_000

interface FleetPage {
  readonly items: readonly FleetBranch[]
  readonly next: string | null
}

async function readFleet(
  session: Session,
): Promise<{ readonly items: readonly FleetBranch[]; readonly nowMs: number }> {
  const first = await ask<FleetPage>(session, 'GET', '/fleet')
  const items = [...first.body.items]
  for (let { next } = first.body; next !== null; ) {
    const { body } = await ask<FleetPage>(session, 'GET', `/fleet?after=${next}`)
    items.push(...body.items)
    next = body.next
  }
  return { items, nowMs: first.nowMs }
}

/** Every branch at a glance, and the cloud's time at which it was so. */
export function useFleet() {
  const session = useSession()
  return useQuery({
    queryKey: ['fleet', session.slug],
    refetchInterval: LOOK_MS,
    queryFn: () => readFleet(session),
  })
}

export interface Present {
  readonly receivedAtMs: number
  readonly present: PresentBody
}

/** How a branch was when it was heard last; null: it never was. */
export function usePresent(branchId: string) {
  const session = useSession()
  return useQuery({
    queryKey: ['now', session.slug, branchId],
    refetchInterval: LOOK_MS,
    async queryFn() {
      try {
        const { body, nowMs } = await ask<Present>(session, 'GET', `/branches/${branchId}/now`)
        return { ...body, nowMs }
      } catch (error) {
        if (error instanceof RefusedError && error.code === 'BranchUnknown') return null
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
