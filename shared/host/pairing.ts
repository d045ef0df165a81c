import { randomBytes, verify } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { writeWhole } from '../disk/write-whole.ts'
import type { DeviceId } from '../domain/ids.ts'
import { challengeText } from '../network/challenge.ts'
import { fingerprintOf, keyOfText } from '../network/fingerprint.ts'
import type { DeviceKind } from '../wire/requests.ts'

/** Where it is kept in a device's folder. */
export const PAIRING_NAME = 'pairing.json'

/** What a device holds once it is paired; a file of mode 600. */
export interface Pairing {
  /** Where the branch was last reached. */
  readonly branchUrl: string
  /** The branch is known by this key, whatever its address. */
  readonly branchKey: string
  readonly deviceId: DeviceId
  readonly kind: DeviceKind
  readonly name: string
  /** A kiosk's place in the offline numbers. */
  readonly slot: number | null
  readonly token: string
  /** When it became the token, by this device's own clock; left out: since it was paired, by a version that kept none. */
  readonly tokenSinceMs?: number
  /** Handed out by the branch, and not confirmed to it yet. */
  readonly nextToken?: string
  /** The one before, for a branch that was put back to before it had changed. */
  readonly formerToken?: string
}

/** @returns null when the device is not paired, or its file cannot be read */
export function readPairing(file: string): Pairing | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Pairing
  } catch {
    return null
  }
}

export const writePairing = (file: string, pairing: Pairing): void => writeWhole(file, JSON.stringify(pairing))

export const forgetPairing = (file: string): void => rmSync(file, { force: true })

export const makeChallenge = (): string => randomBytes(24).toString('base64url')

/** Whether a signature over our challenge was made with the branch's key. */
export function isProof(branchKey: string, challenge: string, signature: string): boolean {
  try {
    const challenged = Buffer.from(challengeText(challenge))
    return verify(null, challenged, keyOfText(branchKey), Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

/** What the branch is known by to people and on the network. */
export const fingerprintOfBranch = (branchKey: string): string => fingerprintOf(keyOfText(branchKey))

/** What an installer types or scans: a bare code, or the link that also names the branch and its key. */
export interface Invitation {
  readonly code: string
  /** null: not said. */
  readonly branchUrl: string | null
  readonly fingerprint: string | null
}

export function parseInvitation(text: string): Invitation {
  const trimmed = text.trim()
  const bare = { code: trimmed, branchUrl: null, fingerprint: null }
  if (!trimmed.startsWith('http')) return bare
  try {
    const url = new URL(trimmed)
    const words = new URLSearchParams(url.hash.slice(1))
    return { code: words.get('pair') ?? '', branchUrl: url.origin, fingerprint: words.get('key') }
  } catch {
    return bare
  }
}

export const invitationLink = (code: string, branchUrl: string, fingerprint: string): string =>
  `${branchUrl}/#pair=${code}&key=${fingerprint}`
