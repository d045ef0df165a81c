import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '#shared/disk/write-whole.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { Finding, StepName } from './finding.ts'

/** How things stood when the plug of the server was to be pulled; the machine itself forgets everything else. */
export interface Pull {
  /** What the kiosks take test tickets under. */
  readonly runId: string
  readonly kiosks: readonly { readonly deviceId: string; readonly name: string }[]
  readonly epoch: string
  /** Of the branch server's program. */
  readonly startedAtMs: number
  /** The kernel's name for this run of the machine; null = it has none. */
  readonly bootId: string | null
}

/** A commissioning under way. It is written whole after each step, so that it outlives the plug that it pulls. */
export interface Run {
  readonly version: 1
  readonly language: Language
  readonly who: string
  readonly startedAtMs: number
  readonly done: readonly StepName[]
  readonly findings: readonly Finding[]
  readonly pull: Pull | null
}

export const commissioningFolder = (folder: string): string => join(folder, 'commissioning')
const fileIn = (folder: string): string => join(commissioningFolder(folder), 'run.json')

/** @returns null when none is under way */
export function readRun(folder: string): Run | null {
  const file = fileIn(folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : null
}

export function writeRun(folder: string, run: Run): void {
  mkdirSync(commissioningFolder(folder), { recursive: true, mode: 0o700 })
  writeWhole(fileIn(folder), JSON.stringify(run))
}

export const forgetRun = (folder: string): void => rmSync(fileIn(folder), { force: true })
