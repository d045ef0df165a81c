import { ConfigError, portOf } from '../program/config-error.ts'
import type { DeviceKind } from '../wire/requests.ts'

/** What a device host is told by its environment; frozen once read. */
export interface HostConfig {
  readonly kind: DeviceKind
  readonly port: number
  readonly branchUrl: string
  readonly pairingCode: string | null
  readonly folder: string
}

/** What the names of its variables begin with. */
export const PREFIX: Record<DeviceKind, string> = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' }
const PORT: Record<DeviceKind, string> = { kiosk: '7071', display: '7072', caller: '7073' }

type Environment = Readonly<Record<string, string | undefined>>

function branchUrlOf(name: string, text: string): string {
  try {
    const url = new URL(text)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.origin
  } catch {
    // Said below.
  }
  throw new ConfigError(`${name} must be an address such as http://127.0.0.1:7070, not "${text}".`)
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
    branchUrl: branchUrlOf(`${prefix}_BRANCH_URL`, read('BRANCH_URL', 'http://127.0.0.1:7070')),
    pairingCode: environment[`${prefix}_PAIRING_CODE`] ?? null,
    folder,
  })
}
