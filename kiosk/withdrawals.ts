import { v7 as newKey } from 'uuid'
import { SEND_MS_MAX } from '#shared/client/send-command.ts'
import { parsed } from '#shared/host/branch-client.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { type TellingHost, tellAlways } from '#shared/host/tell-always.ts'
import { WITHDRAW_MAX } from '#shared/wire/requests.ts'
import type { KioskStore } from './kiosk-store.ts'

/** What becomes of the taps that the branch was asked for, and whose answer nobody here has heard. */
export interface Withdrawals {
  /** Before the branch is asked. */
  asking(key: string): void
  /** The customer has a number, or the branch a clear no. */
  settled(key: string): void
  /** The customer was given nothing: where the branch was asked, what it made for this tap is to be withdrawn. */
  gaveNothing(key: string): void
  /** Whatever the branch made for this tap is to be withdrawn. */
  giveUp(key: string): void
  isGivenUp(key: string): boolean
  close(): void
}

/** A disk that is full for a whole day: more taps than that are not remembered. */
const UNKEPT_MAX = 1_000

type Kept = Pick<KioskStore, 'doubts' | 'meetBranch'>

/**
 * Tells the branch of every tap that brought no paper, by the tap's key, as soon as it is there and until it has heard.
 * Each is on disk before the branch is asked, so that one whose kiosk is killed in between is withdrawn, too: once no
 * page tries it any more.
 */
export function withdrawAlways(host: TellingHost, store: Kept, log: HostLog, tryMsMax = SEND_MS_MAX): Withdrawals {
  /** What a disk that is full does not take; by the branch that was asked. */
  const inMemory = new Map<string, string>()
  /** Asked while the disk took nothing. */
  const unkept = new Set<string>()

  function onDisk(act: () => void): boolean {
    try {
      act()
      return true
    } catch (error) {
      log.warn({ err: error }, 'what became of a tap could not be written down')
      return false
    }
  }

  const waiting = (): readonly string[] => {
    const branchKeys = host.branchKeys()
    const kept = [...inMemory].flatMap(([key, branchKey]) => (branchKeys.includes(branchKey) ? [key] : []))
    return [...kept, ...store.doubts().givenUp(branchKeys, WITHDRAW_MAX)].slice(0, WITHDRAW_MAX)
  }

  const telling = tellAlways({
    host,
    store,
    log,
    async tellNext(isClosed) {
      const keys = waiting()
      if (keys.length === 0) return false
      const body = JSON.stringify({ keys })
      const answer = await host.ask({ method: 'POST', path: '/api/v1/tickets/withdraw', body, key: newKey() })
      if (isClosed()) return false
      if (answer.status !== 200) {
        log.warn({ status: answer.status }, 'the branch did not take a withdrawal')
        return false
      }
      for (const key of keys) settled(key)
      const { withdrawn } = parsed<{ withdrawn: readonly string[] }>(answer.body)
      log.info({ taps: keys.length, withdrawn }, 'taps that brought no paper are withdrawn')
      return keys.every((key) => !isGivenUp(key))
    },
  })

  function settled(key: string): void {
    inMemory.delete(key)
    unkept.delete(key)
    onDisk(() => store.doubts().settle(key))
  }

  function giveUp(key: string): void {
    const branchKey = host.pairing()?.branchKey
    if (branchKey === undefined) return
    log.warn({ key }, 'a tap was given up; the branch may have made a ticket for it')
    if (!onDisk(() => store.doubts().giveUp(key, branchKey))) inMemory.set(key, branchKey)
    telling.tryNow()
  }

  const isGivenUp = (key: string): boolean => inMemory.has(key) || store.doubts().isGivenUp(key)

  const left = store.doubts().open()
  const timer = setTimeout(() => {
    const still = new Set(store.doubts().open())
    for (const key of left) if (still.has(key)) giveUp(key)
  }, tryMsMax)

  return {
    asking(key) {
      const branchKey = host.pairing()?.branchKey
      if (branchKey === undefined || onDisk(() => store.doubts().ask(key, branchKey))) return
      if (unkept.size < UNKEPT_MAX) unkept.add(key)
    },
    settled,
    gaveNothing(key) {
      if (unkept.has(key) || store.doubts().open().includes(key)) giveUp(key)
    },
    giveUp,
    isGivenUp,
    close() {
      clearTimeout(timer)
      telling.close()
    },
  }
}
