import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startBranch } from '../start-branch.ts'
import { createClient } from '../testing/client.ts'
import { INSTALLER_TOKEN } from '../testing/test-branch.ts'
import { testClock } from '../testing/test-clock.ts'

interface Health {
  readonly status: string
  readonly backup: { readonly fault: string | null; readonly detail?: string }
}

test('anybody is told that the backup fails and what that is called; the path is for whoever looks after the branch', async () => {
  const root = mkdtempSync(join(tmpdir(), 'smartqueue-health-'))
  const backupFolder = join(root, 'the-stick')
  const branch = await startBranch({
    config: {
      ...{ host: '127.0.0.1', port: 0, folder: join(root, 'data'), backupFolder },
      ...{ installerToken: INSTALLER_TOKEN, cloudUrl: null, enrolmentCode: null },
    },
    clocks: testClock(),
    logger: pino({ level: 'silent' }),
  })
  try {
    const told = (token: string | null) => createClient(branch.url, token).get<Health>('/api/v1/health')
    // The folder is looked for a little after the start.
    await expect.poll(async () => (await told(null)).body.backup.fault, { timeout: 40_000 }).toBe('missing')
    const stranger = (await told(null)).body
    expect(JSON.stringify(stranger)).not.toContain(root)
    expect(JSON.stringify((await told('a-token-nobody-gave-out')).body)).not.toContain(root)
    expect((await told(INSTALLER_TOKEN)).body.backup.detail).toContain(backupFolder)
  } finally {
    await branch.close()
    rmSync(root, { recursive: true, force: true })
  }
})
