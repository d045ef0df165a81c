import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs, Moment, SteadyMs } from '../domain/ids.ts'
import { type Asking, askBranch, type BranchAnswer, provenKey, UnreachableError } from './branch-client.ts'
import { type BranchLink, type Clocks, type Contact, followBranch, type HostLog, type LinkNews } from './branch-link.ts'
import { type FeedStore, openFeedStore } from './feed-store.ts'
import type { HostConfig } from './host-config.ts'
import { forgetPairing, type Pairing, parseInvitation, readPairing, writePairing } from './pairing.ts'

const ASK_MS_MAX = 5_000
/** How long an act waits for the bookmark to be settled with a branch that was set back. */
const RENEW_MS_MAX = 3_000
/** The last contact is written down this often, so that a cold boot without the branch knows roughly what time it is. */
const CONTACT_KEPT_MS = 60_000
const CONTACT_KEY = 'contact'

/** The Node half of a face: it holds the key, follows the feed on disk and asks the branch on behalf of its page. */
export interface DeviceHost {
  readonly store: FeedStore
  pairing(): Pairing | null
  status(): { readonly link: 'up' | 'down'; readonly sinceMs: number }
  /** The branch's time as this device can tell it; null before the first contact ever. */
  now(): Moment | null
  /** The branch's steady time at the last contact, and this device's own steady time since. */
  sinceContact(): { readonly lastContactSteadyMs: SteadyMs; readonly sinceContactMs: number } | null
  /** @throws UnreachableError */
  ask(asking: Omit<Asking, 'timeoutMs' | 'bookmark'> & { readonly timeoutMs?: number }): Promise<BranchAnswer>
  /** Claims a code with the branch it names. @throws UnreachableError */
  pair(invitation: string): Promise<BranchAnswer>
  localState(): object
  onNews(listener: (news: LinkNews) => void): () => void
  close(): void
}

/** The last contact as it outlives a restart: the branch's time, and this box's wall clock beside it. */
interface KeptContact extends Moment {
  readonly wallMs: number
}

export interface HostParts {
  readonly config: HostConfig
  readonly clocks: Clocks
  readonly log: HostLog
  readonly random: () => number
}

export function createDeviceHost({ config, clocks, log, random }: HostParts): DeviceHost {
  mkdirSync(config.folder, { recursive: true, mode: 0o700 })
  const pairingFile = join(config.folder, 'pairing.json')
  const store = openFeedStore(join(config.folder, 'feed.db'))
  const listeners = new Set<(news: LinkNews) => void>()
  let pairing = readPairing(pairingFile)
  let link: BranchLink | null = null
  const startedMs = clocks.monotonicMs()
  const keptText = store.meta(CONTACT_KEY)
  const kept = keptText === null ? null : (JSON.parse(keptText) as KeptContact)
  let keptMs = startedMs

  function keepContact({ at, monotonicMs }: Contact): void {
    if (monotonicMs - keptMs < CONTACT_KEPT_MS) return
    keptMs = monotonicMs
    const contact: KeptContact = { ...at, wallMs: Math.floor(clocks.wallMs()) }
    store.setMeta(CONTACT_KEY, JSON.stringify(contact))
  }

  function hear(news: LinkNews): void {
    const contact = link?.contact() ?? null
    if (contact !== null) keepContact(contact)
    if (news.type === 'removed') {
      forgetPairing(pairingFile)
      pairing = null
    }
    for (const listener of listeners) listener(news)
  }

  function startLink(paired: Pairing): void {
    link?.close()
    link = followBranch({ pairing: paired, store, clocks, log, random })
    link.onNews(hear)
  }
  if (pairing !== null) startLink(pairing)

  /** Before the first contact of this run: what was kept, moved on by the wall clock as far as it went forward. */
  function recalled(): Moment | null {
    const last: Moment | null = kept ?? store.seen()?.state.now ?? null
    if (last === null) return null
    const passedMs = kept === null ? clocks.monotonicMs() - startedMs : Math.max(0, clocks.wallMs() - kept.wallMs)
    const sinceMs = Math.floor(passedMs)
    return { atMs: (last.atMs + sinceMs) as EpochMs, steadyMs: (last.steadyMs + sinceMs) as SteadyMs }
  }

  async function ask(asking: Parameters<DeviceHost['ask']>[0]): Promise<BranchAnswer> {
    if (pairing === null) throw new UnreachableError('this device is not paired')
    const { method } = asking
    const once = (paired: Pairing): Promise<BranchAnswer> =>
      askBranch(paired, {
        timeoutMs: ASK_MS_MAX,
        ...asking,
        bookmark: method === 'GET' ? null : (store.seen()?.bookmark ?? null),
      })
    const answer = await once(pairing)
    const isBehind = answer.status === 409 && answer.body.includes('"BookmarkAhead"')
    return isBehind && (await link?.renew(RENEW_MS_MAX)) === true ? once(pairing) : answer
  }

  return {
    store,
    pairing: () => pairing,
    status: () => link?.status() ?? { link: 'down', sinceMs: 0 },
    now() {
      const contact = link?.contact() ?? null
      if (contact === null) return recalled()
      const passedMs = Math.floor(clocks.monotonicMs() - contact.monotonicMs)
      return {
        atMs: (contact.at.atMs + passedMs) as EpochMs,
        steadyMs: (contact.at.steadyMs + passedMs) as SteadyMs,
      }
    },
    sinceContact() {
      const contact = link?.contact() ?? null
      const sinceMs = Math.floor(clocks.monotonicMs() - (contact?.monotonicMs ?? startedMs))
      const lastContactSteadyMs = contact?.at.steadyMs ?? kept?.steadyMs ?? store.seen()?.state.now.steadyMs
      return lastContactSteadyMs === undefined ? null : { lastContactSteadyMs, sinceContactMs: sinceMs }
    },
    ask,
    async pair(invitation) {
      const { code, branchUrl, branchKey } = parseInvitation(invitation, config.branchUrl)
      const proven = await provenKey(branchUrl)
      if (branchKey !== null && branchKey !== proven)
        throw new UnreachableError(`${branchUrl} is another branch server`)
      const answer = await claim(branchUrl, code)
      if (answer.status !== 201) return answer
      const { deviceId, kind, name, slot, token } = JSON.parse(answer.body) as Omit<Pairing, 'branchUrl' | 'branchKey'>
      if (kind !== config.kind)
        return { status: 409, body: JSON.stringify({ code: 'PairingCodeInvalid', status: 409 }) }
      pairing = { branchUrl, branchKey: proven, deviceId, kind, name, slot, token }
      writePairing(pairingFile, pairing)
      startLink(pairing)
      return answer
    },
    localState() {
      const { link: linkState, sinceMs } = link?.status() ?? { link: 'down', sinceMs: 0 }
      const bookmark = store.seen()?.bookmark ?? null
      const contact = link?.contact()?.at ?? null
      return {
        device:
          pairing === null
            ? null
            : { deviceId: pairing.deviceId, kind: pairing.kind, name: pairing.name, slot: pairing.slot },
        link: linkState,
        sinceMs,
        epoch: bookmark?.epoch ?? null,
        seq: bookmark?.seq ?? null,
        headHash: bookmark?.headHash ?? null,
        time: contact,
      }
    },
    onNews(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      link?.close()
      store.close()
    },
  }
}

/** The same code typed twice by an impatient hand gets the first answer again. */
async function claim(branchUrl: string, code: string): Promise<BranchAnswer> {
  try {
    const response = await fetch(`${branchUrl}/api/v1/pairings/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `claim-${code.replaceAll(/[^\w-]/g, '')}` },
      body: JSON.stringify({ code }),
      signal: AbortSignal.timeout(ASK_MS_MAX),
    })
    return { status: response.status, body: await response.text() }
  } catch (error) {
    throw new UnreachableError(`${branchUrl} cannot be reached`, { cause: error })
  }
}
