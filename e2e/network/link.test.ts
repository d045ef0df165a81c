import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { createDeviceHost, type DeviceHost } from '../../shared/host/device-host.ts'
import { OtherBranchError, UnreachableError } from '../../shared/host/unreachable.ts'

const log = pino({ level: 'silent' })

function openDisplay(stack: AsyncDisposableStack, branch: TestBranch): DeviceHost {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-link-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const config = { kind: 'display', port: 0, branchUrl: branch.url, pairingCode: null, folder } as const
  const host = createDeviceHost({ config, clocks: branch.clock, log, random: () => 0.5 })
  stack.defer(() => host.close())
  return host
}

const linkOf = async (branch: TestBranch): Promise<string> =>
  (await branch.installer.post<{ link: string }>('/api/v1/pairings', { kind: 'display', name: 'Lobby' })).body.link

test('on the branch’s own machine the link pairs at once, and not with a branch of another key', async () => {
  await using stack = new AsyncDisposableStack()
  const branch = stack.use(await openTestBranch())
  const other = stack.use(await openTestBranch())
  const display = openDisplay(stack, branch)
  const link = await linkOf(branch)
  const [, key = ''] = (await linkOf(other)).split('&key=')
  await expect(display.pair(`${link.split('&key=')[0]}&key=${key}`)).rejects.toThrow(OtherBranchError)
  expect((await display.pair(link)).status).toBe(201)
})

test('no link makes a device speak in the open to an address outside its own machine', async () => {
  await using stack = new AsyncDisposableStack()
  const branch = stack.use(await openTestBranch())
  const display = openDisplay(stack, branch)
  let askedCount = 0
  const server = createServer((_asked, answer) => {
    askedCount += 1
    answer.end()
  }).listen(0, '0.0.0.0')
  await once(server, 'listening')
  stack.defer(() => void server.close())
  // Leads here, and is no loopback address.
  const address = `http://0.0.0.0:${(server.address() as AddressInfo).port}`
  expect((await fetch(address)).ok).toBe(true)
  await expect(display.pair(`${address}/#pair=ABC-1234-5678`)).rejects.toThrow(UnreachableError)
  expect(askedCount).toBe(1)
})
