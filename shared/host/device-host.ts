import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { believedPassedMs, type Clocks } from '../domain/clock.ts'
import type { EpochMs, Moment, SteadyMs } from '../domain/ids.ts'
import { type Asking, askBranch, type BranchAnswer, proveBranch } from './branch-client.ts'
import { type BranchLink, followBranch, type LinkNews } from './branch-link.ts'
import { type Contact, momentAt } from './branch-time.ts'
import { type Claims, createClaims } from './claims.ts'
import { type FeedStore, openFeedStore } from './feed-store.ts'
import { createFormerBranches, type FormerBranches } from './former-branches.ts'
import type { HostConfig } from './host-config.ts'
import type { HostLog } from './host-log.ts'
import { forgetPairing, PAIRING_NAME, type Pairing, readPairing, writePairing } from './pairing.ts'
import { createSeeker } from './seek-branch.ts'
import { keepTurning } from './token-turn.ts'
import { openTwinMark, type TwinMark } from './twin-mark.ts'
import { UnreachableError } from './unreachable.ts'

const ASK_MS_MAX = 5_000
/** How long an act waits for the bookmark to be settled with a branch that was set back. */
const RENEW_MS_MAX = 3_000
/** The time is written down this often, so that a cold boot without the branch knows roughly what time it is. */
const CONTACT_KEPT_MS = 60_000
const CONTACT_KEY = 'contact'

/** The Node half of a face: it holds the key, follows the feed on disk and asks the branch on behalf of its page. */
export interface DeviceHost extends Claims {
  readonly store: FeedStore
  pairing(): Pairing | null
  /** The key of this branch, then those it had before its disk was replaced; none when the device is not paired. */
  branchKeys(): readonly string[]
  /** The branch takes another device for this one: it gives no numbers of its own until it is paired anew. */
  isTwin(): boolean
  status(): { readonly link: 'up' | 'down'; readonly sinceMs: number }
  /** The branch's time as this device can tell it; null before the first contact ever. */
  now(): Moment | null
  /** The branch's steady time at the last contact, and this device's own steady time since. */
  sinceContact(): { readonly lastContactSteadyMs: SteadyMs; readonly sinceContactMs: number } | null
  /** @throws UnreachableError */
  ask(asking: Omit<Asking, 'timeoutMs' | 'bookmark'> & { readonly timeoutMs?: number }): Promise<BranchAnswer>
  localState(): object
  onNews(listener: (news: LinkNews) => void): () => void
  close(): void
}

/** The last contact as it outlives a restart: the branch's time, and this box's wall clock beside it. */
interface KeptContact extends Moment {
  /** null: not known, the time is that of the last event. */
  readonly wallMs: number | null
  /** What had passed since the contact when `wallMs` was read, as far as this device could tell without the branch. */
  readonly passedMs?: number
}

/** The latest that the disk knows of the branch's time: a contact, or an event that came after it. */
function lastKnown(store: FeedStore): KeptContact | null {
  const text = store.meta(CONTACT_KEY)
  const kept = text === null ? null : (JSON.parse(text) as KeptContact)
  const seen = store.seen()?.state.now ?? null
  if (seen === null || (kept !== null && kept.steadyMs >= seen.steadyMs)) return kept
  // The wall clock beside the contact stands a little before the event: time that has passed is told too long, never too short.
  return { ...kept, ...seen, wallMs: kept?.wallMs ?? null }
}

export interface HostParts {
  readonly config: HostConfig
  readonly clocks: Clocks
  readonly log: HostLog
  readonly random: () => number
}

/** Displays hang in the public's sight and are many; whoever works at a desk keeps the log for a dead branch. */
const keepsLog = ({ kind }: HostConfig): boolean => kind !== 'display'

/** One of two is not itself any more: the other one keeps its name and its block. */
const itself = (former: Pick<FormerBranches, 'asDevice'>, twin: TwinMark): Pick<FormerBranches, 'asDevice'> => ({
  asDevice: () => (twin.isSet() ? null : former.asDevice()),
})

const toldOf = ({ deviceId, kind, name, slot }: Pairing) => ({ deviceId, kind, name, slot })

export function createDeviceHost({ config, clocks, log, random }: HostParts): DeviceHost {
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  const pairingFile = join(config.folder, PAIRING_NAME)
  const store = openFeedStore(join(config.folder, 'feed.db'), clocks, log, { keepsLog: keepsLog(config) })
  const former = createFormerBranches(store)
  const listeners = new Set<(news: LinkNews) => void>()
  let pairing = readPairing(pairingFile)
  let link: BranchLink | null = null
  let isClosed = false
  const twin = openTwinMark(store, log)
  const startedMs = clocks.monotonicMs()
  /** What this program knew of the branch's time before it heard the branch itself. */
  let before = lastKnown(store)
  let keptMs: number | null = null
  const { seek, learn, keep } = createSeeker(config.branchUrl, store, log)

  function writeDown(kept: KeptContact): void {
    try {
      store.setMeta(CONTACT_KEY, JSON.stringify(kept))
    } catch (error) {
      log.warn({ err: error }, 'the time of the branch could not be written down')
    }
  }

  function keepContact(contact: Contact): void {
    const nowMs = clocks.monotonicMs()
    if (keptMs !== null && nowMs - keptMs < CONTACT_KEPT_MS) return
    keptMs = nowMs
    // Now and then: it may have joined a cloud since.
    if (pairing !== null) void learn(pairing)
    writeDown({ ...momentAt(contact, nowMs), wallMs: Math.floor(clocks.wallMs()) })
  }

  function hear(news: LinkNews): void {
    const contact = link?.contact() ?? null
    if (news.type === 'time' && contact !== null) keepContact(contact)
    // Another epoch may count its steady time anew.
    if (news.type === 'restart') keptMs = null
    if (news.type === 'twin') twin.set(news.isTwin)
    if (news.type === 'link' && news.link === 'up') tokens.look()
    if (news.type === 'removed') {
      forgetPairing(pairingFile)
      pairing = null
    }
    for (const listener of listeners) listener(news)
  }

  /** Where the branch has just proved its key is where it is asked from now on, also after a cold boot. */
  async function locate(): Promise<Pairing> {
    const paired = pairing
    if (paired === null) throw new UnreachableError('this device is not paired')
    const next = await seek(paired)
    // Meanwhile the device may have been paired anew.
    if (next === paired || pairing !== paired || isClosed) return pairing ?? paired
    if (next.branchKey !== paired.branchKey) former.meet(next, true)
    keep(next.branchKey)
    pairing = next
    writePairing(pairingFile, pairing)
    return pairing
  }
  const openTokens = (): ReturnType<typeof keepTurning> =>
    keepTurning({
      ...{ pairing: () => pairing, wallMs: clocks.wallMs, log },
      isUp: () => !isClosed && link?.status().link === 'up',
      keep(next) {
        // What proves to another branch server who this device was goes with it.
        former.meet(next, true)
        writePairing(pairingFile, next)
        pairing = next
      },
      ask: (asking, method, path) => askBranch(asking, { method, path, timeoutMs: ASK_MS_MAX }),
    })
  const tokens = openTokens()
  function startLink(): void {
    link?.close()
    const { recover } = tokens
    link = followBranch({ locate, store, clocks, log, random, recover, instance: twin.instance, wasTwin: twin.isSet() })
    link.onNews(hear)
  }
  if (pairing !== null) startLink()

  /** How long ago that was: by the wall clock while this program was off, as far as it is believed, then by our own. */
  function passedSince({ wallMs, passedMs = 0 }: KeptContact): number {
    const ranMs = clocks.monotonicMs() - startedMs
    const offMs = wallMs === null ? 0 : believedPassedMs(wallMs, clocks.wallMs() - ranMs)
    return Math.floor(passedMs + offMs + ranMs)
  }

  /** The time before the first contact of this run. */
  function recalled(): Moment | null {
    const last = before ?? lastKnown(store)
    if (last === null) return null
    const passedMs = passedSince(last)
    return { atMs: (last.atMs + passedMs) as EpochMs, steadyMs: (last.steadyMs + passedMs) as SteadyMs }
  }

  /** Days without the branch are counted in small steps: one long one would not be believed. */
  function keepReckoning(): void {
    if (before === null || (link?.contact() ?? null) !== null) return
    writeDown({ ...before, wallMs: Math.floor(clocks.wallMs()), passedMs: passedSince(before) })
  }
  keepReckoning()
  const reckoning = setInterval(keepReckoning, CONTACT_KEPT_MS)

  /** @throws UnreachableError also when nobody has answered within the whole of `timeoutMs` */
  async function ask({ timeoutMs = ASK_MS_MAX, ...asking }: Parameters<DeviceHost['ask']>[0]): Promise<BranchAnswer> {
    if (pairing === null) throw new UnreachableError('this device is not paired')
    const paired = pairing
    const untilMs = clocks.monotonicMs() + timeoutMs
    const leftMs = (): number => Math.max(1, Math.floor(untilMs - clocks.monotonicMs()))
    // A line that is up has proved the branch's key; without one, whoever is at that address must do so before it sees the token.
    if (link?.status().link !== 'up') await proveBranch(paired, leftMs())
    const once = (): Promise<BranchAnswer> => {
      const bookmark = asking.method === 'GET' ? null : (store.seen()?.bookmark ?? null)
      return askBranch(pairing ?? paired, { ...asking, bookmark, timeoutMs: leftMs() })
    }
    const first = await once()
    // The token has changed while this was under way.
    const hasTurned = first.status === 401 && pairing !== null && pairing.token !== paired.token
    const answer = hasTurned ? await once() : first
    const isBehind = answer.status === 409 && answer.body.includes('"BookmarkAhead"')
    return isBehind && (await link?.renew(Math.min(RENEW_MS_MAX, leftMs()))) === true ? once() : answer
  }

  return {
    store,
    pairing: () => pairing,
    ...{ branchKeys: () => former.keysOf(pairing), isTwin: twin.isSet },
    status: () => link?.status() ?? { link: 'down', sinceMs: 0 },
    now() {
      const contact = link?.contact() ?? null
      return contact === null ? recalled() : momentAt(contact, clocks.monotonicMs())
    },
    sinceContact() {
      const contact = link?.contact() ?? null
      const nowMs = clocks.monotonicMs()
      if (contact !== null) {
        const { steadyMs } = momentAt(contact, contact.monotonicMs)
        return { lastContactSteadyMs: steadyMs, sinceContactMs: momentAt(contact, nowMs).steadyMs - steadyMs }
      }
      const last = before ?? lastKnown(store)
      return last === null
        ? null
        : { lastContactSteadyMs: last.steadyMs, sinceContactMs: Math.floor(nowMs - startedMs) }
    },
    ask,
    ...createClaims({
      ...{ config, former: itself(former, twin), pairing: () => pairing, isClosed: () => isClosed },
      onPaired(paired, isSameBranch) {
        link?.close()
        if (!former.meet(paired, isSameBranch)) before = null
        pairing = { ...paired, tokenSinceMs: Math.floor(clocks.wallMs()) }
        writePairing(pairingFile, pairing)
        twin.set(false)
        startLink()
      },
    }),
    localState() {
      const { link: linkState, sinceMs } = link?.status() ?? { link: 'down', sinceMs: 0 }
      const bookmark = store.seen()?.bookmark ?? null
      const contact = link?.contact() ?? null
      return {
        device: pairing === null ? null : toldOf(pairing),
        link: linkState,
        sinceMs,
        ...(twin.isSet() && { isTwin: true }),
        epoch: bookmark?.epoch ?? null,
        seq: bookmark?.seq ?? null,
        headHash: bookmark?.headHash ?? null,
        // Within how much: whoever compares two devices' arrivals must know it.
        time:
          contact === null ? null : { ...momentAt(contact, clocks.monotonicMs()), errorMs: Math.ceil(contact.errorMs) },
      }
    },
    onNews(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      isClosed = true
      clearInterval(reckoning)
      tokens.stop()
      link?.close()
      store.close()
    },
  }
}
