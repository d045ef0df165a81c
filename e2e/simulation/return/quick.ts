import type { ComingBack } from './come-back.ts'

/** So weak a cloud, with so narrow a door, that a hundred branches are to it what thousands are to another. */
export const QUICK = {
  capacity: { now: 40, side: 40, upload: 300, uploadKib: 120, cores: 2 },
  admission: { historyPlaces: 3, historyAtOnce: 1, waitingMax: { now: 400, beside: 3, history: 400 } },
} as const satisfies Partial<ComingBack>

export const QUICK_BRANCHES = 80
export const QUICK_EVENTS = 60
export const QUICK_WORDS = ['--quick', '--branches', String(QUICK_BRANCHES), '--events', String(QUICK_EVENTS)]
