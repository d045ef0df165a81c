import { setTimeout as wait } from 'node:timers/promises'
import type { ClockReading } from '#shared/domain/clock.ts'
import type { DeviceId } from '#shared/domain/ids.ts'
import { type PresentDevice, presentOf } from '#shared/project/present.ts'
import type { Succession } from '#shared/wire/branch-key.ts'
import type { DiagnosticsBundle } from '#shared/wire/diagnostics.ts'
import type { KioskPrinters } from '#shared/wire/printers.ts'
import type { BranchKeys } from '../access/keys.ts'
import type { Roster } from '../access/roster.ts'
import { type AnchorPost, type AuditDoubt, createAnchorPost } from '../audit/anchor-post.ts'
import type { PrinterBook } from '../books/printer-book.ts'
import type { Config } from '../config.ts'
import type { Feed } from '../feed.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Waist } from '../waist/execute.ts'
import type { SecondCopy } from '../waist/second-copy.ts'
import type { Reply } from '../waist/settle.ts'
import { type CloudDoor, type CloudIdentity, openCloudDoor } from './cloud-door.ts'
import { keptIdentity } from './enrolment.ts'
import { findPlace, type PlaceTrouble } from './find-place.ts'
import { askSuccession, keptSuccession } from './key-document.ts'
import { type OrderDesk, openOrderDesk } from './order-desk.ts'
import { createPresentSender } from './present-sender.ts'
import { sendRole } from './role-courier.ts'
import { type Courier, startCourier } from './side-courier.ts'
import { startUploader, type UploadedLog, type Uploader, type UploadState, type UploadStatus } from './uploader.ts'
import type { Pause } from './within.ts'

/** How the line stands; beside it, what keeps the branch from a place, or from the new one that a code was set for. */
export interface CloudStatus extends Omit<UploadStatus, 'state'> {
  readonly state: UploadState | 'not enrolled'
  readonly enrolment?: PlaceTrouble
  /** What branch and cloud find wrong with each other's audit; left out: nothing. */
  readonly audit?: readonly AuditDoubt[]
}

/** The branch's line to its cloud. The branch needs nothing of it. */
export interface Sync {
  /** null: no cloud is set. */
  status(): CloudStatus | null
  /** The cloud keeps the catalogue: this branch has taken its place there. */
  isManaged(): boolean
  /** That the cloud knows this box as the branch, for devices that knew it by another key; null: it has not said so. */
  succession(): Succession | null
  /** A device says what came of what head office had it do. @returns whether somebody waits for it */
  hearOrder(deviceId: DeviceId, orderId: string, outcome: string): Promise<boolean>
  close(): Promise<void>
}

/** The world as the line to the cloud meets it; a simulation plays another. */
export interface Outside {
  readonly fetch: typeof globalThis.fetch
  /** From 0 to 1. */
  readonly random: () => number
  readonly pause: Pause
}

interface SyncParts {
  readonly config: Pick<Config, 'folder' | 'cloudUrl' | 'enrolmentCode'>
  readonly waist: Waist
  readonly keys: BranchKeys
  readonly wallMs: () => number
  readonly monotonicMs: () => number
  readonly readClock: () => ClockReading
  readonly roster: Pick<Roster, 'devices' | 'find'>
  readonly printers: Pick<PrinterBook, 'all'>
  /** The cloud has said all that it knows of who may work here. */
  readonly heard: () => void
  readonly feed: Pick<Feed, 'isInContact' | 'tell'>
  /** Has a device removed by head office, in one commit with what is said of it. */
  readonly removeDevice: (deviceId: DeviceId, noting: (store: Store) => void) => Promise<Reply>
  /** How the branch is, for those who look after it. */
  readonly bundle: (cloudAheadMs: number | null) => DiagnosticsBundle
  /** Of what was set up. */
  readonly copy: Pick<SecondCopy, 'keep'>
  readonly log: Log
  /** Left out: the network and the clock of this machine. */
  readonly outside?: Outside
  /** Rows in a commit of their own. @returns whether they were committed */
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
}

/** Ends without a word when it is told to. */
const pause: Pause = (ms, signal) => wait(ms, undefined, { signal, ref: false }).catch(() => {})

const here: Outside = { fetch: globalThis.fetch, random: Math.random, pause }

const anchorsOf = ({ waist, write, wallMs, log }: SyncParts, cloudBranchId: string): AnchorPost =>
  createAnchorPost({ cloudBranchId, write, wallMs, log, store: () => waist.branch().store })

/** Kiosks of which staff must look at the paper: the worst of their printers counts. */
export const papersOf = (kiosks: readonly KioskPrinters[]): ReadonlyMap<string, 'near-end' | 'out'> =>
  new Map(
    kiosks.flatMap(({ deviceId, printers }) => {
      const worst = (['out', 'near-end'] as const).find((paper) => printers.some((it) => it.paper === paper))
      return worst === undefined ? [] : [[deviceId, worst] as const]
    }),
  )

/** Enrols where that is to be done, then sends the log up, in the background. */
export function openSync(parts: SyncParts): Sync {
  const { config, waist, keys, wallMs, monotonicMs, copy, log, write, outside = here } = parts
  const { folder, cloudUrl, enrolmentCode } = config
  if (cloudUrl === null)
    return {
      ...{ status: () => null, isManaged: () => false, succession: () => null },
      hearOrder: () => Promise.resolve(false),
      close: () => Promise.resolve(),
    }
  const ending = new AbortController()
  const devices = (): readonly PresentDevice[] => {
    const papers = papersOf(parts.printers.all())
    return parts.roster.devices().map(({ deviceId, kind }) => {
      const paper = papers.get(deviceId)
      return { deviceId, kind, isInContact: parts.feed.isInContact(deviceId), ...(paper !== undefined && { paper }) }
    })
  }
  let uploader: Uploader | null = null
  let courier: Courier | null = null
  let anchors: AnchorPost | null = null
  let desk: OrderDesk | null = null
  let isManaged = keptIdentity(folder) !== null
  let trouble: PlaceTrouble | null = 'asking'
  let following: Promise<void> = Promise.resolve()
  let telling: Promise<void> = Promise.resolve()
  let succession: Succession | null = null
  let cloudLife = 0
  const events: UploadedLog = {
    epochs: () => waist.branch().store.log.epochs(),
    lastSeq: (epoch) => waist.branch().store.log.lastSeq(epoch),
    after: (epoch, seq) => waist.branch().store.log.after(epoch, seq),
    catalogue: (version) => waist.branch().store.catalogues.text(version),
  }

  async function begin(url: string): Promise<void> {
    const common = { keys, log, ...outside }
    const identity = await findPlace({
      ...{ ...common, events, folder, cloudUrl: url, code: enrolmentCode, signal: ending.signal },
      tell(next) {
        trouble = next
      },
    })
    isManaged = identity !== null
    if (identity === null || ending.signal.aborted) return
    anchors = anchorsOf(parts, identity.branchId)
    const door = openCloudDoor({
      audit: anchors,
      identity: { ...identity, cloudUrl: url },
      ...keys,
      ...outside,
      wallMs,
      ending: ending.signal,
    })
    courier = startCourier({
      ...common,
      door,
      write,
      store: () => waist.branch().store,
      epoch: () => waist.branch().head.epoch,
      cloudLife: () => cloudLife,
    })
    uploader = startUploader({
      ...common,
      door,
      present: createPresentSender({
        ...{ log, door, monotonicMs: parts.monotonicMs },
        catalogueVersion: () => waist.branch().store.cloud.stand('catalogue', identity.branchId).place,
        present: () => presentOf(waist.branch().state, devices(), parts.readClock()),
      }),
      events,
      onCloudPutBack() {
        cloudLife += 1
      },
    })
    const { branchId } = identity
    succession = keptSuccession(folder, keys.publicKey, identity)
    let isAsked = succession !== null
    const beKnown = async (): Promise<void> => {
      if (!isAsked) succession = await askSuccession(folder, keys.publicKey, identity, door)
      isAsked = true
    }
    telling = sendRole({
      ...{ ...common, door, branchId, beKnown, pinPepper: keys.pinPepper, ending: ending.signal },
      store: () => waist.branch().store,
      cloudLife: () => cloudLife,
    })
    await followDown(url, identity, door)
  }

  async function followDown(url: string, identity: Omit<CloudIdentity, 'cloudUrl'>, door: CloudDoor): Promise<void> {
    const common = { keys, log, ...outside }
    const { branchId, documentKey } = identity
    if (documentKey === null)
      return log.error(
        'the branch enrolled at an older cloud: to be sent down to, have a code made and set BRANCH_ENROLMENT_CODE to it',
      )
    // A branch that stands alone needs nothing of it.
    const { followCloud } = await import('./follow-cloud.ts')
    const owner = { ...identity, documentKey }
    desk = openOrderDesk({
      ...{ ...common, waist, write, door, wallMs, monotonicMs, cloudBranchId: branchId },
      ...{ roster: parts.roster, feed: parts.feed, bundle: parts.bundle, ending: ending.signal },
    })
    following = followCloud({
      ...{ ...common, waist, write, door, owner, keepSettings: copy.keep, monotonicMs, wallMs },
      ...{ pinPepper: keys.pinPepper, heard: parts.heard },
      ...{ desk, roster: parts.roster, removeDevice: parts.removeDevice },
      cloudUrl: url,
      ending: ending.signal,
    }).catch((error: unknown) =>
      log.error({ err: error }, 'nothing comes down from the cloud any more; restart the branch'),
    )
  }

  const begun = begin(cloudUrl).catch((error: unknown) => log.error({ err: error }, 'the line to the cloud has ended'))
  waist.onCommit(() => uploader?.wake())
  return {
    status() {
      const doubts = anchors?.doubts() ?? []
      const audit = doubts.length > 0 && { audit: doubts }
      if (uploader !== null) return { ...uploader.status(), ...(trouble !== null && { enrolment: trouble }), ...audit }
      const behind = events.epochs().reduce((sum, epoch) => sum + events.lastSeq(epoch), 0)
      return { state: 'not enrolled', behind, enrolment: trouble ?? 'asking' }
    },
    isManaged: () => isManaged,
    succession: () => succession,
    hearOrder: (...said) => desk?.hear(...said) ?? Promise.resolve(false),
    async close() {
      ending.abort()
      await begun
      await uploader?.close()
      await courier?.close()
      await following
      await telling
    },
  }
}
