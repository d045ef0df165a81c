// A branch that sends its whole log to a cloud, in a process of its own.
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openKeys } from '../../branch-server/access/keys.ts'
import { openStore } from '../../branch-server/store/store.ts'
import { openCloudDoor } from '../../branch-server/sync/cloud-door.ts'
import { EVENTS_PATH } from '../../branch-server/sync/uploader.ts'
import { createUploadsUnderWay } from '../../branch-server/sync/uploads-under-way.ts'
import type { Pause } from '../../branch-server/sync/within.ts'
import { DATABASE_NAME } from '../../branch-server/waist/open-branch.ts'
import { offer } from './helper.ts'

interface Sending {
  readonly dataFolder: string
  readonly cloudUrl: string
  readonly tenantId: string
  readonly branchId: string
}

/** The whole log from the branch's file, upload by upload, as the uploader sends it. @returns events a second */
async function send({ dataFolder, ...identity }: Sending): Promise<number> {
  const { log, close } = openStore(join(dataFolder, DATABASE_NAME))
  const epoch = log.epochs()[0]
  if (epoch === undefined) throw new Error('The history has no epoch')
  const pause: Pause = (ms, signal) => wait(ms, undefined, { signal, ref: false }).catch(() => {})
  const door = openCloudDoor({
    identity,
    ...openKeys(dataFolder, 'bench'),
    fetch,
    wallMs: Date.now,
    pause,
    ending: new AbortController().signal,
  })
  const eventCount = log.lastSeq(epoch)
  const underWay = createUploadsUnderWay({
    read: log.after,
    post: ({ sent }) => door.post(EVENTS_PATH, sent),
    makeWay: () => Promise.resolve(true),
    isFollowed: ({ lastSeq }) => lastSeq < eventCount,
    pause,
  })
  const beganMs = performance.now()
  for (let seq = 0; seq < eventCount; ) {
    const upload = underWay.after(epoch, seq)
    const { status, body } = await underWay.send(upload)
    if (status !== 200) throw new Error(`The cloud answers ${status} ${JSON.stringify(body)}`)
    seq = upload.lastSeq
  }
  const perSecond = (eventCount * 1_000) / (performance.now() - beganMs)
  close()
  return perSecond
}

const tasks = { send }
export type SenderTasks = typeof tasks
offer(tasks)
