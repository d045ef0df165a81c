import type { BranchKeys } from '../access/keys.ts'
import type { Log } from '../log.ts'
import { type CloudAnswer, type CloudIdentity, readAnswer } from './cloud-door.ts'
import { readPlace, writePlace } from './place-file.ts'
import { comeAgainMs } from './turned-away.ts'
import { backOffMs } from './uploader.ts'
import { type Pause, within } from './within.ts'

const ANSWER_MS_MAX = 30_000

/** What the cloud said when this branch enrolled; null: it has not, or that cannot be read any more. */
export function keptIdentity(folder: string): CloudIdentity | null {
  const place = readPlace(folder)
  return place.kind === 'kept' ? place.identity : null
}

/** Why the cloud gives no place for a code. */
export type NotEnrolled = 'code refused' | 'log held at the cloud'

export interface EnrolmentParts {
  readonly folder: string
  readonly cloudUrl: string
  readonly code: string
  /** The epoch by which this box began from nothing; null or left out: it brings no beginning of its own. */
  readonly firstEpoch?: string | null
  readonly onRefused?: (why: NotEnrolled) => void
  readonly keys: Pick<BranchKeys, 'cloudKey' | 'signEnrolment'>
  readonly log: Log
  readonly fetch: typeof globalThis.fetch
  readonly random: () => number
  readonly pause: Pause
  readonly signal: AbortSignal
}

async function ask(
  { cloudUrl, code, keys, fetch, firstEpoch }: EnrolmentParts,
  signal: AbortSignal,
): Promise<CloudAnswer> {
  const body = { code, publicKey: keys.cloudKey, signature: keys.signEnrolment(code) }
  const url = new URL('/api/v1/sync/enrol', cloudUrl)
  if (firstEpoch != null) url.searchParams.set('firstEpoch', firstEpoch)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
    redirect: 'error',
  })
  return readAnswer(answer)
}

/**
 * Takes the branch's place at the cloud, as soon as the cloud can be reached.
 * @returns null when the code is refused, or this was ended before
 */
export async function enrol(parts: EnrolmentParts): Promise<CloudIdentity | null> {
  const { folder, cloudUrl, log, pause, random, signal } = parts
  for (let failures = 1; !signal.aborted; failures += 1) {
    let waitMs = backOffMs(failures, random)
    try {
      const answer = await within(ANSWER_MS_MAX, { pause, ending: signal }, (asking) => ask(parts, asking))
      const [tenantId, branchId, key] = ['tenantId', 'branchId', 'documentKey'].map((name) => answer.body?.[name])
      if (answer.status === 201 && typeof tenantId === 'string' && typeof branchId === 'string') {
        const documentKey = typeof key === 'string' ? key : null
        const identity: CloudIdentity = { cloudUrl, tenantId, branchId, documentKey }
        writePlace(folder, identity, parts.code)
        log.info({ tenantId, branchId }, 'the branch has enrolled at its cloud')
        return identity
      }
      if (answer.status === 403 || answer.status === 400) {
        parts.onRefused?.('code refused')
        log.error('the enrolment code is wrong, used or too old; make a new one and set BRANCH_ENROLMENT_CODE to it')
        return null
      }
      if (answer.body?.['code'] === 'LogHeld') {
        parts.onRefused?.('log held at the cloud')
        log.error(
          'the cloud holds the log of this branch, of which this box knows nothing: stop it, empty BRANCH_DATA_DIR and run `npm run branch -- restore --from-cloud` with the same code',
        )
        return null
      }
      if (answer.turnedAway !== null) waitMs = comeAgainMs(answer.turnedAway, random)
      log.warn({ status: answer.status }, 'the cloud does not enrol the branch now; it is tried again')
    } catch (error) {
      if (!signal.aborted) log.info({ err: error }, 'the cloud cannot be reached to enrol; it is tried again')
    }
    await pause(waitMs, signal)
  }
  return null
}
