import type { Epoch } from '#shared/domain/ids.ts'
import type { CloudIdentity } from './cloud-door.ts'
import { type EnrolmentParts, enrol, type NotEnrolled } from './enrolment.ts'
import { isOtherCode, readPlace } from './place-file.ts'
import type { UploadedLog } from './uploader.ts'

/** What keeps a branch that is told of a cloud from its place there, or from a new one. */
export type PlaceTrouble =
  | NotEnrolled
  /** The code has not been answered yet. */
  | 'asking'
  /** There is neither a place nor a code. */
  | 'no code'
  /** What was kept of the place cannot be read, and no code was given. */
  | 'place unreadable'

interface FindParts extends Omit<EnrolmentParts, 'code' | 'onRefused' | 'firstEpoch'> {
  readonly code: string | null
  readonly events: Pick<UploadedLog, 'epochs' | 'after'>
  /** null: nothing is wrong any more. */
  readonly tell: (trouble: PlaceTrouble | null) => void
}

/** The epoch by which this box began from nothing; null: its log goes on from another, or nobody knows any more. */
export function ownBeginning({ epochs, after }: FindParts['events']): Epoch | null {
  const [epoch] = epochs()
  const first = epoch === undefined ? undefined : after(epoch, 0)[0]
  if (epoch === undefined || first?.seq !== 1) return null
  const { reason } = JSON.parse(first.body) as { readonly reason?: unknown }
  return reason === 'first-boot' ? epoch : null
}

/**
 * The branch's place at its cloud: by a code that was not used for what is kept, or as it is kept.
 * @returns null: it has none; what that is for was told
 */
export async function findPlace(parts: FindParts): Promise<CloudIdentity | null> {
  const { folder, code, log, events, tell } = parts
  const place = readPlace(folder)
  const kept = place.kind === 'kept' ? place.identity : null
  if (place.kind === 'unreadable')
    log.error('cloud.json says nothing of this branch any more: have a code made and set BRANCH_ENROLMENT_CODE to it')
  if (code !== null && isOtherCode(place, code)) {
    tell('asking')
    let refused: NotEnrolled | null = null
    const onRefused = (why: NotEnrolled): void => {
      refused = why
    }
    const fresh = await enrol({ ...parts, code, firstEpoch: ownBeginning(events), onRefused })
    tell(refused)
    return fresh ?? kept
  }
  tell(kept !== null ? null : place.kind === 'unreadable' ? 'place unreadable' : 'no code')
  return kept
}
