import { randomUUID } from 'node:crypto'
import type { FeedStore } from './feed-store.ts'
import type { HostLog } from './host-log.ts'

/** Set while the branch hears another device with this identity; it outlives a restart. */
const TWIN_KEY = 'twin'

export interface TwinMark {
  /** Of this start of the host. */
  readonly instance: string
  isSet(): boolean
  set(isTwin: boolean): void
}

export function openTwinMark(store: Pick<FeedStore, 'meta' | 'setMeta'>, log: HostLog): TwinMark {
  let isTwin = store.meta(TWIN_KEY) !== null
  return {
    instance: randomUUID(),
    isSet: () => isTwin,
    set(next) {
      if (isTwin === next) return
      isTwin = next
      try {
        store.setMeta(TWIN_KEY, next ? 'yes' : null)
      } catch (error) {
        log.warn({ err: error }, 'it could not be written down that this device is there twice')
      }
    },
  }
}
