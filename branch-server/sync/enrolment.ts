import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { BranchKeys } from '../keys.ts'
import type { Log } from '../log.ts'
import { type CloudAnswer, type CloudIdentity, readAnswer } from './cloud-door.ts'
import { comeAgainMs } from './turned-away.ts'
import { backOffMs } from './uploader.ts'
import { type Pause, within } from './within.ts'

const FILE = 'cloud.json'
const ANSWER_MS_MAX = 30_000

/** What the cloud said when this branch enrolled; null: it has not. */
export function keptIdentity(folder: string): CloudIdentity | null {
  const file = join(folder, FILE)
  if (!existsSync(file)) return null
  const kept = JSON.parse(readFileSync(file, 'utf8')) as CloudIdentity
  return { ...kept, documentKey: kept.documentKey ?? null }
}

export interface EnrolmentParts {
  readonly folder: string
  readonly cloudUrl: string
  readonly code: string
  readonly keys: Pick<BranchKeys, 'publicKey' | 'signEnrolment'>
  readonly log: Log
  readonly fetch: typeof globalThis.fetch
  readonly random: () => number
  readonly pause: Pause
  readonly signal: AbortSignal
}

async function ask({ cloudUrl, code, keys, fetch }: EnrolmentParts, signal: AbortSignal): Promise<CloudAnswer> {
  const body = { code, publicKey: keys.publicKey, signature: keys.signEnrolment(code) }
  const answer = await fetch(new URL('/api/v1/sync/enrol', cloudUrl), {
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
        writeWhole(join(folder, FILE), JSON.stringify(identity))
        log.info({ tenantId, branchId }, 'the branch has enrolled at its cloud')
        return identity
      }
      if (answer.status === 403 || answer.status === 400) {
        log.error('the enrolment code is wrong, used or too old; make a new one and set BRANCH_ENROLMENT_CODE to it')
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
