import { isIP } from 'node:net'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { ConfigError, portOf } from '#shared/program/config-error.ts'

/** What the branch server is told by its environment; frozen once read. */
export interface Config {
  /** Plain HTTP on a loopback address, TLS alone on any other. */
  readonly host: string
  readonly port: number
  readonly folder: string
  /** Plain HTTP for guests' television sets, where the branch itself speaks TLS; left out: none. */
  readonly guestPort?: number
  /** Where backups go, and one each night; null: into the data folder, when they are asked for. */
  readonly backupFolder: string | null
  /** null: one is made and kept in the data folder. */
  readonly installerToken: string | null
  /** Requests of one device in ten seconds; left out: a quarter of what a small box bears. */
  readonly deviceRequestsMax?: number
  /** Of the cloud that is told the log; null: this branch stands alone. */
  readonly cloudUrl: string | null
  /** Takes this branch's place there, once. */
  readonly enrolmentCode: string | null
}

const TOKEN_LENGTH_MIN = 16
/** However a device runs wild, three quarters of the branch are there for the others. */
export const DEVICE_REQUESTS_MAX = 10_000

type Environment = Readonly<Record<string, string | undefined>>

/** An address, not a name: what a name leads to is for others to change. */
function hostOf(text: string): string {
  if (!isLoopback(text) && isIP(text) === 0)
    throw new ConfigError(
      `BRANCH_HOST must be an address of this machine, as 127.0.0.1, 192.168.1.10, or 0.0.0.0 for all, not "${text}".`,
    )
  return text
}

function tokenOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (text.length < TOKEN_LENGTH_MIN || !/^[\x21-\x7e]+$/.test(text))
    throw new ConfigError(
      `BRANCH_INSTALLER_TOKEN must have at least ${TOKEN_LENGTH_MIN} visible characters and no spaces.`,
    )
  return text
}

function deviceRequestsOf(text: string | undefined): number {
  if (text === undefined) return DEVICE_REQUESTS_MAX
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new ConfigError(`BRANCH_DEVICE_REQUESTS must be a whole number above 0, not "${text}".`)
  return Number(text)
}

/** What is signed cannot be changed on the way, but it could be read: in the open only on this machine. */
function cloudUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === null || !isSafe)
    throw new ConfigError(`CLOUD_URL must be as https://cloud.example, not "${text}"; http only on this machine.`)
  return url.origin
}

/** @throws ConfigError with one sentence naming the variable that is wrong */
export function readConfig(environment: Environment): Config {
  const folder = environment['BRANCH_DATA_DIR'] ?? 'data/branch'
  if (folder.trim() === '') throw new ConfigError('BRANCH_DATA_DIR must name a folder.')
  const backupFolder = environment['BRANCH_BACKUP_DIR'] ?? null
  if (backupFolder?.trim() === '') throw new ConfigError('BRANCH_BACKUP_DIR must name a folder.')
  return Object.freeze({
    host: hostOf(environment['BRANCH_HOST'] ?? '127.0.0.1'),
    port: portOf('BRANCH_PORT', environment['BRANCH_PORT'] ?? '7070'),
    folder,
    guestPort: portOf('BRANCH_GUEST_PORT', environment['BRANCH_GUEST_PORT'] ?? '7074'),
    backupFolder,
    deviceRequestsMax: deviceRequestsOf(environment['BRANCH_DEVICE_REQUESTS']),
    installerToken: tokenOf(environment['BRANCH_INSTALLER_TOKEN']),
    cloudUrl: cloudUrlOf(environment['CLOUD_URL']),
    enrolmentCode: environment['BRANCH_ENROLMENT_CODE'] ?? null,
  })
}
