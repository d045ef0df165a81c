import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloud } from './start-cloud.ts'
import { asAdministrator, openTestDatabase, silent, type TestDatabase } from './testing/test-database.ts'

let server: TestDatabase
beforeAll(async () => {
  server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
}, 120_000)
afterAll(() => server?.close())

const connectionCount = (): Promise<number> =>
  asAdministrator(server.administratorUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    return rows[0]?.count ?? 0
  })

test('a cloud that finds its port taken leaves nothing running', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-cloud-start-'))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const config = {
    ...{ host: '127.0.0.1', port, folder, databaseUrl: server.administratorUrl },
    ...{ publicUrl: null, electricUrl: null, proxyAddress: null, mail: null, twilio: null },
  }
  await expect(startCloud(config, silent, () => Date.now())).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect.poll(connectionCount, { timeout: 10_000 }).toBe(0)
  other.close()
  rmSync(folder, { recursive: true })
}, 60_000)
