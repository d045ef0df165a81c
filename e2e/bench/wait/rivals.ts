import type { WaitRange } from '../../../shared/wait/measured.ts'
import { correctRange, effectsOf, emptyQuantiles, type Quantiles, rangeAround } from '../../../shared/wait/range.ts'

/** The simple rules that ours is compared with, each over the whole branch and over the customer's own service. */
const RULES = [
  'rolling mean, 60 min',
  'rolling mean, last 20',
  'last to enter service',
  'head of the line',
  'queue × mean gap',
] as const
const SCOPES = ['branch', 'service'] as const
export type Rival = `${(typeof RULES)[number]} (${(typeof SCOPES)[number]})`
export const RIVALS: readonly Rival[] = SCOPES.flatMap((scope) => RULES.map((rule): Rival => `${rule} (${scope})`))

const HOUR_MS = 3_600_000
const GAPS_MS = 1_800_000
const LAST = 20
/** Before anything was completed. */
const FIRST_GAP_MS = 60_000

/** Who joins, and what is plain to see then. */
export interface Joining {
  readonly nowMs: number
  readonly serviceId: string
  /** Waiting, and how long the one has waited who has waited longest: in the branch and in the service. */
  readonly branch: { readonly waitingCount: number; readonly headMs: number }
  readonly service: { readonly waitingCount: number; readonly headMs: number }
}

/** What one scope has seen. Everything is forgotten in the evening. */
interface Memory {
  calls: { readonly atMs: number; readonly waitMs: number }[]
  finishes: number[]
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

function saysOf(
  memory: Memory,
  seen: Joining['branch'],
  nowMs: number,
): Readonly<Record<(typeof RULES)[number], number>> {
  const last = memory.calls.slice(-LAST).map(({ waitMs }) => waitMs)
  const ofHour = memory.calls.filter(({ atMs }) => atMs >= nowMs - HOUR_MS)
  memory.calls = memory.calls.slice(-Math.max(LAST, ofHour.length))
  memory.finishes = memory.finishes.filter((atMs) => atMs >= nowMs - GAPS_MS)
  const gapMs = memory.finishes.length === 0 ? FIRST_GAP_MS : GAPS_MS / memory.finishes.length
  return {
    'rolling mean, 60 min': mean(ofHour.map(({ waitMs }) => waitMs)),
    'rolling mean, last 20': mean(last),
    'last to enter service': last.at(-1) ?? 0,
    'head of the line': seen.headMs,
    'queue × mean gap': (seen.waitingCount + 1) * gapMs,
  }
}

export interface RivalsOfDay {
  called(serviceId: string, waitMs: number, nowMs: number): void
  finished(serviceId: string, nowMs: number): void
  says(joining: Joining): Readonly<Record<Rival, number>>
}

export function startRivals(): RivalsOfDay {
  const memories = new Map<string, Memory>()
  function memoryOf(scope: string): Memory {
    const memory = memories.get(scope) ?? { calls: [], finishes: [] }
    memories.set(scope, memory)
    return memory
  }
  const both = (serviceId: string): readonly Memory[] => [memoryOf('whole branch'), memoryOf(`service ${serviceId}`)]
  return {
    called(serviceId, waitMs, nowMs) {
      for (const { calls } of both(serviceId)) calls.push({ atMs: nowMs, waitMs })
    },
    finished(serviceId, nowMs) {
      for (const { finishes } of both(serviceId)) finishes.push(nowMs)
    },
    says({ nowMs, serviceId, branch, service }) {
      const ofBranch = saysOf(memoryOf('whole branch'), branch, nowMs)
      const ofService = saysOf(memoryOf(`service ${serviceId}`), service, nowMs)
      const named = RULES.flatMap((rule): [Rival, number][] => [
        [`${rule} (branch)`, ofBranch[rule]],
        [`${rule} (service)`, ofService[rule]],
      ])
      return Object.fromEntries(named) as Record<Rival, number>
    },
  }
}

/** What the rivals say has no range: they are lent ours, learned from their own misses in the same way. */
export interface LentRanges {
  around(
    rival: Rival,
    midMs: number,
    joining: Joining,
    dayMs: number,
  ): { readonly range: WaitRange; readonly effects: readonly string[] }
  learn(rival: Rival, told: WaitRange, effects: readonly string[], waitMs: number): void
}

export function lendRanges(): LentRanges {
  const byRival = new Map<Rival, Quantiles>(RIVALS.map((rival) => [rival, emptyQuantiles()]))
  const of = (rival: Rival): Quantiles => byRival.get(rival) ?? emptyQuantiles()
  return {
    around(rival, midMs, { serviceId, branch: { waitingCount } }, dayMs) {
      const effects = effectsOf({ isWaiting: false, midMs, serviceId, dayMs, waitingCount, isDoubted: false })
      return { range: rangeAround(of(rival), midMs, effects), effects }
    },
    learn(rival, told, effects, waitMs) {
      correctRange(of(rival), told, waitMs, effects)
    },
  }
}
