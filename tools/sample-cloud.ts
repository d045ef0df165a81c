import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { listensAt, type Program, ROOT } from './programs.ts'
import type { Bank } from './simulation.ts'

// The cloud of the sample: one tenant with one branch, which the branch server joins at its first start.

/** Postgres writes all that is in memory before it ends. */
export const CLOUD_END_MS_MAX = 40_000
const READY_PAUSE_MS = 100
const SLUG = 'sample-bank'
const CLOUD_PROGRAM = join(ROOT, 'dist/programs/cloud-sync.js')
const KEY_MS_MAX = 20_000

/**
 * Waits until the cloud has said where it listens.
 * @returns null when it has ended, or has said nothing within the time
 */
export async function cloudUrl(program: Program, waitMsMax: number): Promise<string | null> {
  const isOver = (): boolean => program.child.exitCode !== null || program.child.signalCode !== null
  for (let waitedMs = 0; waitedMs < waitMsMax && !isOver(); waitedMs += READY_PAUSE_MS) {
    const url = listensAt(program)
    if (url !== null) return url
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS))
  }
  return null
}

/** Whether the branch of this folder has taken its place at a cloud. */
export const hasJoined = (dataFolder: string): boolean => existsSync(join(dataFolder, 'branch/cloud.json'))

/** A key for a few minutes, as whoever sets a cloud up makes one: `npm run cloud -- make-key setup`. */
async function setupKey(cloudFolder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLOUD_PROGRAM, 'make-key', 'setup'], {
    env: { ...process.env, CLOUD_DATA_DIR: cloudFolder },
    timeout: KEY_MS_MAX,
  })
  return stdout.trim()
}

/**
 * Makes tenant and branch at the cloud where they are not there yet, as an administrator would.
 * @returns a code for the branch server's place there
 * @throws Error with what the cloud said
 */
export async function enrolmentCode(url: string, cloudFolder: string, dataFolder: string, bank: Bank): Promise<string> {
  const { branch } = bank
  const key = await setupKey(cloudFolder)
  const names = (text: string) => ({ [branch.defaultLanguage]: text })

  async function post<Answer>(path: string, body: object, allowed: number): Promise<Answer | null> {
    const answer = await fetch(`${url}/api/v1/tenants${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.status === allowed) return null
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as Answer
  }

  const kept = join(dataFolder, 'sample-branch-id')
  const codeOf = (branchId: string) =>
    post<{ readonly code: string }>(`/${SLUG}/branches/${branchId}/enrolment`, {}, 404)
  // A sample that begins anew is another branch: the cloud holds the log of the one before.
  const isSame = existsSync(kept) && existsSync(join(dataFolder, 'branch/branch.db'))
  const known = isSame ? await codeOf(readFileSync(kept, 'utf8')) : null
  if (known !== null) return known.code
  await post('', { slug: SLUG, name: names(branch.name) }, 409)
  const made = await post<{ readonly branchId: string }>(
    `/${SLUG}/branches`,
    { name: names(branch.name), timeZone: branch.timezone },
    0,
  )
  const fresh = await codeOf(made?.branchId ?? '')
  if (made === null || fresh === null) throw new Error('the cloud does not know the branch that it has just made')
  // Whoever joins leaves its catalogue to the cloud.
  await post(`/${SLUG}/branches/${made.branchId}/catalogues`, bank, 0)
  writeFileSync(kept, made.branchId)
  return fresh.code
}
