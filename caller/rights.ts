import type { RightsJson } from '#shared/wire/agents.ts'

const DAY_MS = 24 * 3_600_000
/** So long before agents are no longer let in, everybody at a desk is told. */
const NEAR_MS = 10 * DAY_MS

/** How old what the branch knows of its people is. `own`: it stands alone, and nothing ages. */
export type RightsAge =
  | { readonly state: 'own' }
  | { readonly state: 'good' | 'near' | 'over'; readonly asOfMs: number; readonly daysLeft: number }

/** @returns null: that was no answer */
export function readRights(json: unknown): RightsAge | null {
  if (typeof json !== 'object' || json === null || !('asOfMs' in json) || !('leftMs' in json)) return null
  const { asOfMs, leftMs } = json as RightsJson
  if (asOfMs === null || leftMs === null) return { state: 'own' }
  if (!Number.isFinite(asOfMs) || !Number.isFinite(leftMs)) return null
  const state = leftMs <= 0 ? 'over' : leftMs <= NEAR_MS ? 'near' : 'good'
  return { state, asOfMs, daysLeft: Math.ceil(leftMs / DAY_MS) }
}
