import type { Store } from '../../branch-server/store/store.ts'
import { openCloudDoor } from '../../branch-server/sync/cloud-door.ts'
import { followCloud } from '../../branch-server/sync/follow-cloud.ts'
import type { TestBranch } from '../../branch-server/testing/test-branch.ts'
import { documentKeyOf } from '../../cloud-sync/store/tenant-keys.ts'
import type { SigningBranch } from '../../cloud-sync/testing/signing-branch.ts'
import { BRANCH_ORIGIN } from '../../shared/domain/step.ts'
import { random } from '../power/clients.ts'
import type { TestCloud } from './test-cloud.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Orders are another test's. */
const noOrders = {
  desk: {
    refusal: () => null,
    take: () => {},
    wake: () => {},
    hear: () => Promise.resolve(false),
    over: Promise.resolve(),
  },
  roster: { find: () => undefined },
  removeDevice: () => Promise.resolve({ status: 404, body: '{}' }),
}

/** An answer on its way from the cloud to a branch. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** What somebody between them makes of it; null: the line breaks. */
export type Trick = (answer: Answer, recorded: readonly Answer[]) => Answer | null

export const honest: Trick = (answer) => answer

const LIVE_MS = 20_000

export interface FollowedLine {
  trick: Trick
  /** When the cloud was asked for what comes down, in virtual time. */
  readonly askedAtMs: readonly number[]
  /** Every answer that the cloud gave. */
  readonly recorded: Answer[]
  /** What the branch's side said a person must look at. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

const isNothing = ({ status, text }: Answer): boolean => status === 200 && JSON.parse(text).length === 1

/** The branch's own side of the line and the cloud itself, with somebody between them, in virtual time. */
export async function openFollowedLine(
  cloud: TestCloud,
  { running }: TestBranch,
  as: SigningBranch,
  time: VirtualTime,
  seed: number,
): Promise<FollowedLine> {
  const ending = new AbortController()
  const askedAtMs: number[] = []
  const line: { trick: Trick; recorded: Answer[] } = { trick: honest, recorded: [] }
  const cloudUrl = `http://127.0.0.1:${cloud.port}`

  async function ask(input: URL, init: RequestInit): Promise<Answer> {
    const answer = await fetch(input, init)
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => /^(electric-|x-|content-type)/.test(name)),
    )
    return { status: answer.status, headers, text: await answer.text() }
  }

  const between: typeof fetch = async (input, init = {}) => {
    const url = new URL(String(input))
    const signal = init.signal ?? ending.signal
    const answer = await time.during(() => ask(url, init))
    if (!url.pathname.endsWith('/shape')) return new Response(answer.text, answer)
    askedAtMs.push(time.nowMs())
    const told = line.trick(answer, line.recorded)
    line.recorded.push(answer)
    // The cloud of a test holds nothing back for long.
    if (told === answer && url.searchParams.has('live') && isNothing(answer)) await time.pause(LIVE_MS, signal)
    if (told === null) throw new TypeError('fetch failed')
    return new Response(told.text, told)
  }

  const documentKey = await documentKeyOf(cloud.database, as.tenantId)
  const owner = { tenantId: as.tenantId, branchId: as.branchId, documentKey }
  const door = openCloudDoor({
    identity: { cloudUrl, ...owner },
    signRequest: as.signRequest,
    wallMs: time.nowMs,
    fetch: between,
    pause: time.pause,
    ending: ending.signal,
  })
  const complaints: string[] = []
  const log = {
    info: () => {},
    warn: () => {},
    error: (...said: readonly unknown[]) => void complaints.push(said.join(' ')),
  }
  const write = async (writes: (store: Store) => void): Promise<boolean> => {
    const { status } = await running.waist.execute({
      origin: BRANCH_ORIGIN,
      command: { type: 'KeepTime' },
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes,
    })
    return status === 200
  }
  const over = followCloud({
    ...{ waist: running.waist, door, cloudUrl, owner, log },
    write,
    ...noOrders,
    ...{
      keepSettings: () => {},
      pinPepper: 'of this test',
      heard: () => {},
      monotonicMs: time.nowMs,
      wallMs: time.nowMs,
      pause: time.pause,
      random: random(seed),
    },
    ending: ending.signal,
  })
  return Object.assign(line, {
    askedAtMs,
    complaints,
    async close() {
      ending.abort()
      await over
    },
  })
}
