import { parseArgs } from 'node:util'
import { openDesk } from '../../branch-server/testing/desk.ts'
import { type Dice, throwDice } from '../../branch-server/testing/dice.ts'
import { hostileAtBranch } from '../hostile/branch-target.ts'
import { createTally, doubtsOf, throwAtCloud } from '../hostile/campaign.ts'
import { openHostileCloud } from '../hostile/cloud-target.ts'
import { heapBytes, heapGrowthBytesMax, throwAt } from '../hostile/throw-at.ts'

const SEED_MAX = 1_000_000_000
/** Before it is measured what stays: what is made once has been made by then. */
const WARM_SHARE = 0.1
/** Of what is thrown at the branch: the rest are requests. */
const [FRAMES_SHARE, GARBAGE_SHARE] = [0.1, 0.1]
const MEBIBYTE = 1024 * 1024

interface Part {
  readonly faults: readonly string[]
  readonly isFlat: boolean
}

function tell(name: string, count: number, statuses: object, heaps: readonly [number, number]): boolean {
  const [from, to] = heaps.map((bytes) => (bytes / MEBIBYTE).toFixed(1))
  console.info(`${name}: ${count} thrown; heap after a collection ${from} MiB at the start, ${to} MiB at the end`)
  console.info(`${name}: answers to requests by status ${JSON.stringify(statuses)}`)
  return heaps[1] - heaps[0] < heapGrowthBytesMax(count)
}

async function atBranch(count: number, dice: Dice): Promise<Part> {
  await using desk = await openDesk({ logLevel: 'error' })
  for (const serviceId of ['cash', 'loans', 'cards']) await desk.waiting(serviceId)
  const tally = createTally()
  const hostile = hostileAtBranch(desk, dice, tally)
  const round = async (share: number): Promise<readonly string[]> => [
    ...(await throwAt(Math.ceil(count * share * FRAMES_SHARE), hostile.frames)),
    ...(await throwAt(Math.ceil(count * share * GARBAGE_SHARE), hostile.garbage)),
    ...(await throwAt(Math.ceil(count * share * (1 - FRAMES_SHARE - GARBAGE_SHARE)), hostile.request)),
  ]
  const warm = await round(WARM_SHARE)
  const before = heapBytes()
  const faults = [...warm, ...(await round(1 - WARM_SHARE))]
  const isFlat = tell('branch', count, tally.statuses, [before, heapBytes()])
  const failures = desk.branch.logLines.filter((line) => line.includes('"level":50'))
  return { faults: [...faults, ...failures, ...doubtsOf(tally.statuses)], isFlat }
}

async function atCloud(count: number, dice: Dice): Promise<Part> {
  const cloud = await openHostileCloud()
  try {
    const warm = await throwAtCloud(cloud, Math.ceil(count * WARM_SHARE), dice)
    const before = heapBytes()
    const thrown = await throwAtCloud(cloud, count - Math.ceil(count * WARM_SHARE), dice)
    const isFlat = tell('cloud', count, thrown.statuses, [before, heapBytes()])
    return { faults: [...warm.faults, ...thrown.faults, ...cloud.lines, ...doubtsOf(thrown.statuses)], isFlat }
  } finally {
    await cloud.close()
  }
}

/** Bad requests, frames and bytes at both servers, made out of their routes and schemas. @returns whether each was borne */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const half = Math.ceil(Number(values.requests) / 2)
  console.info(`seed ${seed}`)
  const parts = [await atBranch(half, throwDice(seed)), await atCloud(half, throwDice(seed + 1))]
  const faults = parts.flatMap((part) => part.faults)
  for (const fault of faults.slice(0, 10)) console.error(fault)
  console.info(`${2 * half} bad requests: ${faults.length} that should not have been answered so`)
  return faults.length === 0 && parts.every(({ isFlat }) => isFlat)
}
