import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer as createPlain } from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeys } from './access/keys.ts'
import { openBranchApi } from './commissioning/branch-api.ts'
import { readConfig } from './config.ts'
import { StrangerError } from './own-branch.ts'
import { tellPower } from './power-command.ts'
import { PowerError } from './power-error.ts'
import { INSTALLER_TOKEN } from './testing/test-branch.ts'

let root = ''
let rogue: Server | null = null
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'smartqueue-own-'))
  for (const name of ['branch', 'rogue', 'empty']) mkdirSync(join(root, name))
})
afterEach(() => {
  rogue?.close()
  rogue = null
  rmSync(root, { recursive: true, force: true })
})

/** Sits at a port before the branch does, answers as one would, with a key of its own, and keeps every byte that it is told. */
async function sitDown(host: string, folder: string): Promise<{ port: number; heard: () => string }> {
  const keys = openKeys(join(root, 'rogue'), 'a-token-of-the-rogue')
  const answer = (url = ''): object => {
    const challenge = /challenge=(.*)/.exec(url)?.[1]
    return { status: 'ok', role: 'branch', publicKey: keys.publicKey, signature: keys.sign(challenge ?? '') }
  }
  const server = host === '127.0.0.1' ? createPlain() : (createTls(await keys.tls()) as unknown as Server)
  let heard = ''
  server.on('request', (request, response) => response.end(JSON.stringify(answer(request.url))))
  server.on(host === '127.0.0.1' ? 'connection' : 'secureConnection', (socket: Socket) =>
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1')
    }),
  )
  rogue = server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await openKeys(folder, null).tls()
  return { port: (server.address() as AddressInfo).port, heard: () => heard }
}

const configOf = (host: string, port: number, folder: string) =>
  readConfig({
    BRANCH_HOST: host,
    BRANCH_PORT: String(port),
    BRANCH_DATA_DIR: folder,
    BRANCH_INSTALLER_TOKEN: INSTALLER_TOKEN,
  })

for (const host of ['127.0.0.1', '0.0.0.0'])
  test(`whoever has taken the branch’s port at ${host} is not told the installer’s token`, async () => {
    const folder = join(root, 'branch')
    const { port, heard } = await sitDown(host, folder)
    const config = configOf(host, port, folder)
    await expect(tellPower(['low'], config)).rejects.toThrow(/is not this branch server/)
    await expect(openBranchApi(config, INSTALLER_TOKEN).ask('GET', '/api/v1/devices')).rejects.toThrow(StrangerError)
    expect(heard()).not.toContain(INSTALLER_TOKEN)
    expect(heard().toLowerCase()).not.toContain('authorization')
    expect(heard().length > 0).toBe(host === '127.0.0.1')
  })

for (const host of ['127.0.0.1', '0.0.0.0'])
  test(`without the branch’s own file nobody at ${host} is told anything, and the file is named`, async () => {
    const { port, heard } = await sitDown(host, join(root, 'branch'))
    const config = configOf(host, port, join(root, 'empty'))
    const told = tellPower(['low'], config)
    await expect(told).rejects.toThrow(PowerError)
    await expect(told).rejects.toThrow(host === '127.0.0.1' ? /branch-key\.pem/ : /branch-certificate\.pem/)
    await expect(openBranchApi(config, INSTALLER_TOKEN).ask('GET', '/api/v1/devices')).rejects.toThrow(StrangerError)
    expect(heard()).toBe('')
  })
