import { CLOUD_ORIGIN } from '#shared/domain/step.ts'
import { type RemovalParts, removeAs } from '../access/remove-device.ts'
import { makeBundle } from '../diagnostics/bundle.ts'
import type { LogTail } from '../diagnostics/log-tail.ts'
import type { Feed } from '../feed.ts'
import { writer } from '../waist/keep-time.ts'
import { openSync, papersOf, type Sync } from './open-sync.ts'

type LineParts = Omit<Parameters<typeof openSync>[0], 'write' | 'bundle' | 'removeDevice' | 'roster' | 'feed'>

interface Lookers extends RemovalParts {
  readonly feed: Feed
  readonly tail: LogTail
  readonly speech: () => string
  readonly version: string
}

/** The line to the cloud, with what head office may have this branch do. */
export function openLine(parts: LineParts, { tail, speech, version, ...removal }: Lookers): Sync {
  const { waist, config, printers, wallMs, monotonicMs } = parts
  const startedMs = monotonicMs()
  const sync: Sync = openSync({
    ...parts,
    ...removal,
    write: writer(waist),
    removeDevice: (deviceId, noting) => removeAs(removal, CLOUD_ORIGIN, deviceId, noting),
    bundle: (cloudAheadMs) =>
      makeBundle(
        {
          ...{ ...removal, tail, speech, version, wallMs, monotonicMs, startedMs, folder: config.folder },
          papers: () => papersOf(printers.all()),
          cloud: () => sync.status(),
        },
        cloudAheadMs,
      ),
  })
  return sync
}
