import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { CloudDoor } from './cloud-door.ts'
import { comeAgainMs } from './turned-away.ts'
import { backOffMs } from './uploader.ts'

export interface ReceiptParts {
  readonly waist: Waist
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  readonly door: CloudDoor
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random: () => number
  readonly log: Log
  readonly ending: AbortSignal
}

const PATH = '/api/v1/sync/inbox'

/** Tells the cloud what became of its messages, for ever. */
export function sendReceipts({ waist, write, door, pause, random, log, ending }: ReceiptParts) {
  let isAwaited = true
  let onAwaited = (): void => {}
  ending.addEventListener('abort', () => onAwaited(), { once: true })

  const untilAwaited = (): Promise<void> =>
    new Promise((resolve) => {
      onAwaited = resolve
      if (isAwaited || ending.aborted) resolve()
    })

  /** @returns whether the cloud knows all of them */
  async function sendOnce(): Promise<boolean> {
    const receipts = waist.branch().store.cloud.receipts()
    const last = receipts.at(-1)
    if (last === undefined) return true
    const { status, body, turnedAway } = await door.post(PATH, { receipts })
    if (turnedAway !== null) {
      await pause(comeAgainMs(turnedAway, random), ending)
      return false
    }
    const ackedNumber = body?.['ackedNumber']
    if (status !== 200 || typeof ackedNumber !== 'number') throw new Error(`The cloud answers ${status}`)
    // What it does not know of, it never sent: a cloud that was put back to an older copy.
    if (!(await write((store) => store.cloud.dropReceipts(last.number))))
      throw new Error('The disk does not take what the cloud knows')
    return false
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!ending.aborted) {
      try {
        isAwaited = false
        const isAll = await sendOnce()
        failures = 0
        if (isAll) await untilAwaited()
      } catch (error) {
        failures += 1
        if (!ending.aborted) log.info({ err: error }, 'the cloud does not hear what became of its messages')
        await pause(backOffMs(failures, random), ending)
      }
    }
  }

  return {
    wake() {
      isAwaited = true
      onAwaited()
    },
    over: run(),
  }
}
