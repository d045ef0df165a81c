import { isLoopback } from '../http/is-loopback.ts'
import { ConfigError, portOf } from '../program/config-error.ts'
import type { DeviceKind } from '../wire/requests.ts'

/** What a device host is told by its environment; frozen once read. */
export interface HostConfig {
  readonly kind: DeviceKind
  readonly port: number
  /** Where the branch is told to be; null: on this machine, or wherever it is found. */
  readonly branchUrl: string | null
  readonly pairingCode: string | null
  readonly folder: string
}

/** What the names of its variables begin with. */
export const PREFIX: Record<DeviceKind, string> = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' }
const PORT: Record<DeviceKind, string> = { kiosk: '7071', display: '7072', caller: '7073' }

type Environment = Readonly<Record<string, string | undefined>>

function branchUrlOf(name: string, text: string | undefined): string | null {
  if (text === undefined) return null
  try {
    const url = new URL(text)
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url.origin
  } catch {
    // Said below.
  }
  throw new ConfigError(
    `${name} must be an address such as https://192.168.1.10:7070, or http://127.0.0.1:7070 on this machine, not "${text}".`,
  )
}

/** @throws ConfigError */
export function readHostConfig(kind: DeviceKind, environment: Environment): HostConfig {
  const prefix = PREFIX[kind]
  const read = (name: string, otherwise: string): string => environment[`${prefix}_${name}`] ?? otherwise
  const folder = read('DATA_DIR', `data/${kind}`)
  if (folder.trim() === '') throw new ConfigError(`${prefix}_DATA_DIR must name a folder.`)
  return Object.freeze({
    kind,
    port: portOf(`${prefix}_PORT`, read('PORT', PORT[kind])),
    branchUrl: branchUrlOf(`${prefix}_BRANCH_URL`, environment[`${prefix}_BRANCH_URL`]),
    pairingCode: environment[`${prefix}_PAIRING_CODE`] ?? null,
    folder,
  })
}
