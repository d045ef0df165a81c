import { Value } from 'typebox/value'
import { isDocumentOf } from '../network/signed-document.ts'
import { BranchKeyDocument, Succession } from '../wire/branch-key.ts'
import { askOpenly, parsed, provenKey } from './branch-client.ts'
import type { FeedStore } from './feed-store.ts'
import type { HostLog } from './host-log.ts'
import type { Pairing } from './pairing.ts'
import { UnreachableError } from './unreachable.ts'

// A branch whose box was replaced has another key. A device follows it there without anybody's hand when the cloud of its
// branch says so; by which key the cloud signs it was told by the branch itself, while it knew that one.

const TRUST_KEY = 'succession'
const ASK_MS_MAX = 3_000

/** What a device keeps of its branch's cloud. */
interface Trust {
  readonly documentKey: string
  readonly document: BranchKeyDocument
}

export interface Successions {
  /** What the branch says, whose key has just been proved; never fails. */
  learn(pairing: Pairing): Promise<void>
  /** The branch at an address where another key was found; null: it is not the one that took our branch's place. */
  follow(pairing: Pairing, branchUrl: string): Promise<Pairing | null>
  /** It was followed. */
  keep(branchKey: string): void
}

function readDocument({ document, signature }: Succession, documentKey: string): BranchKeyDocument | null {
  try {
    const read: unknown = JSON.parse(document)
    return isDocumentOf(documentKey, document, signature) && Value.Check(BranchKeyDocument, read) ? read : null
  } catch {
    return null
  }
}

export function createSuccessions(store: Pick<FeedStore, 'meta' | 'setMeta'>, log: HostLog): Successions {
  const trust = (): Trust | null => JSON.parse(store.meta(TRUST_KEY) ?? 'null') as Trust | null
  let found: Trust | null = null

  /** @throws UnreachableError */
  async function told(branchUrl: string, branchKey: string): Promise<Succession | null> {
    const { status, body } = await askOpenly({ branchUrl, branchKey }, '/api/v1/health', ASK_MS_MAX)
    const { succession } = status === 200 ? parsed<{ succession?: unknown }>(body) : {}
    return Value.Check(Succession, succession) ? succession : null
  }

  return {
    async learn({ branchUrl, branchKey }) {
      try {
        const said = await told(branchUrl, branchKey)
        const document = said === null ? null : readDocument(said, said.documentKey)
        if (said === null || document?.publicKey !== branchKey) return
        const text = JSON.stringify({ documentKey: said.documentKey, document } satisfies Trust)
        if (text !== store.meta(TRUST_KEY)) store.setMeta(TRUST_KEY, text)
      } catch (error) {
        // Asked again with the next contact.
        log.warn({ err: error }, 'what the branch says of its cloud could not be kept')
      }
    },
    async follow(pairing, branchUrl) {
      const known = trust()
      if (known === null) return null
      try {
        const branchKey = await provenKey(branchUrl, ASK_MS_MAX)
        const said = await told(branchUrl, branchKey)
        const document = said === null ? null : readDocument(said, known.documentKey)
        const { tenantId, branchId, issuedAtMs } = known.document
        const isOurs = document?.tenantId === tenantId && document.branchId === branchId
        // A box that was replaced before has a document, too: an older one.
        if (document === null || !isOurs || document.publicKey !== branchKey || document.issuedAtMs <= issuedAtMs)
          return null
        log.info({ branchUrl }, 'the branch server was replaced: its cloud says that this one is the branch')
        found = { documentKey: known.documentKey, document }
        return { ...pairing, branchUrl, branchKey }
      } catch (error) {
        if (error instanceof UnreachableError) return null
        throw error
      }
    },
    keep(branchKey) {
      if (found?.document.publicKey === branchKey) store.setMeta(TRUST_KEY, JSON.stringify(found))
    },
  }
}
