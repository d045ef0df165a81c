// A cloud in a program of its own, so that what it needs can be measured, and nothing of the branches is in it.
import type { AddressInfo } from 'node:net'
import { openApp } from '../../../cloud-sync/open-app.ts'
import type { AdmissionLimits } from '../../../cloud-sync/plugins/admission.ts'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'

export interface CloudWanted {
  readonly administratorUrl: string
  /** null: as it comes. */
  readonly admission: AdmissionLimits | null
}

/** What the program needs. */
export interface CloudNeeds {
  readonly cpuMs: number
  readonly rssBytes: number
  readonly heapBytes: number
  readonly connections: number
}

const wanted = JSON.parse(process.argv[2] ?? '{}') as CloudWanted
const database = await openDatabase({ administratorUrl: wanted.administratorUrl, log: silent })
const app = await openApp(
  {
    ...{ database, version: 'measured', nowMs: Date.now },
    ...(wanted.admission !== null && { admission: wanted.admission }),
  },
  silent,
)
await app.listen({ host: '0.0.0.0', port: 0 })

async function needs(): Promise<CloudNeeds> {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage()
  const connections = await new Promise<number>((resolve) =>
    app.server.getConnections((_, count) => resolve(count ?? 0)),
  )
  return { cpuMs: (user + system) / 1_000, rssBytes, heapBytes, connections }
}

process.on('message', async (what) => {
  if (what === 'needs') return void process.send?.(await needs())
  await app.close()
  await database.close()
  process.exit(0)
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: (app.server.address() as AddressInfo).port })
