import type { DeviceKind } from '../wire/requests.ts'

/** What a device host is told by its environment; frozen once read. */
export interface HostConfig {
  readonly kind: DeviceKind
  readonly port: number
  readonly branchUrl: string
  readonly pairingCode: string | null
  readonly folder: string
}

/** One sentence for the installer, naming the variable. */
export class HostConfigError extends Error {
  override readonly name = 'HostConfigError'
}

const PREFIX: Record<DeviceKind, string> = { kiosk: 'KIOSK', display: 'DISPLAY_APP', caller: 'CALLER' }
const PORT: Record<DeviceKind, string> = { kiosk: '7071', display: '7072', caller: '7073' }

type Environment = Readonly<Record<string, string | undefined>>

function branchUrlOf(name: string, text: string): string {
  try {
    const url = new URL(text)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.origin
  } catch {
    // Said below.
  }
  throw new HostConfigError(`${name} must be an address such as http://127.0.0.1:7070, not "${text}".`)
}

/** @throws HostConfigError */
export function readHostConfig(kind: DeviceKind, environment: Environment): HostConfig {
  const prefix = PREFIX[kind]
  const read = (name: string, otherwise: string): string => environment[`${prefix}_${name}`] ?? otherwise
  const portText = read('PORT', PORT[kind])
  const port = Number(portText)
  if (!/^\d{1,5}$/.test(portText) || port > 65_535)
    throw new HostConfigError(`${prefix}_PORT must be a whole number from 0 to 65535, not "${portText}".`)
  const folder = read('DATA_DIR', `data/${kind}`)
  if (folder.trim() === '') throw new HostConfigError(`${prefix}_DATA_DIR must name a folder.`)
  return Object.freeze({
    kind,
    port,
    branchUrl: branchUrlOf(`${prefix}_BRANCH_URL`, read('BRANCH_URL', 'http://127.0.0.1:7070')),
    pairingCode: environment[`${prefix}_PAIRING_CODE`] ?? null,
    folder,
  })
}
