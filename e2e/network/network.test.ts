import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { CHECKOUT } from '../plants/plant.ts'
import {
  type BranchOnLan,
  type FaceOnLan,
  INSTALLER_TOKEN,
  startBranchIn,
  startFaceIn,
  startRogueIn,
  untilSo,
} from './boxes.ts'
import { startCapture, textsSeen } from './capture.ts'
import { type Box, openLan } from './lan.ts'

// A branch on a network of its own: each machine is a network namespace, the network a hub on which everybody hears
// everything, and among the machines is one that says to be the branch. What passed is searched byte by byte.

/** What the README promises of a branch server that has moved. */
const BACK_MS_MAX = 30_000
const PAIRED_MS_MAX = 30_000
const FIRST = '10.77.0.10'
const SECOND = '10.77.0.77'
const ROGUE = '10.77.0.66'
/** Long enough that chance does not write it into what is encrypted. */
const PIN = '483920175566'
const NOTE = 'asks about the account of her late husband'
const OPEN_WORDS = 'what a guest says in the open'

const bank = JSON.parse(readFileSync(join(CHECKOUT, 'tools/demo/bank.json'), 'utf8')) as {
  readonly agents: readonly { readonly id: string }[]
  readonly counters: readonly { readonly id: string }[]
}

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-network-'))
  folders.push(folder)
  return folder
}

interface Made {
  readonly code: string
  readonly link: string
  readonly words: readonly string[]
}

const invite = async (branch: BranchOnLan, kind: string): Promise<Made> =>
  (await branch.ask<Made>('POST', '/api/v1/pairings', { kind, name: `the ${kind}` })).body

interface Question {
  readonly words: readonly string[]
  readonly fingerprint: string
  readonly link: string
}

/** The installer types the code, compares the words on both screens, and says no until they are the same. */
async function pairByWords(face: FaceOnLan, { code, words }: Made): Promise<number> {
  const refused: string[] = []
  await untilSo('the words are those of the branch', PAIRED_MS_MAX, async () => {
    const { status, body } = await face.ask<Question>('POST', '/local/v1/pair', { code, refused })
    if (status !== 202) return false
    if (body.words.join() !== words.join()) {
      refused.push(body.fingerprint)
      return false
    }
    expect((await face.ask('POST', '/local/v1/pair', { code: body.link })).status).toBe(200)
    return true
  })
  return refused.length
}

/** A customer comes, is called and served, and leaves a note behind. */
async function serveOne(kiosk: FaceOnLan, caller: FaceOnLan, counterId: string): Promise<string> {
  const taken = await kiosk.ask<{ ticket: TicketJson; offline: boolean }>('POST', '/local/v1/tickets', {
    serviceId: 'cash',
  })
  expect(taken).toMatchObject({ status: 201, body: { offline: false } })
  const { ticketId, number } = taken.body.ticket
  expect((await caller.ask('POST', `/api/v1/counters/${counterId}/call-next`, {})).status).toBe(200)
  expect((await caller.ask('POST', `/api/v1/tickets/${ticketId}/start`, {})).status).toBe(200)
  expect((await caller.ask('POST', `/api/v1/tickets/${ticketId}/complete`, { note: NOTE })).status).toBe(200)
  return number
}

/** What a program has written that another user of its machine could read. */
function filesForOthers(folder: string): readonly string[] {
  const kept = ['branch', 'kiosk', 'display', 'caller'].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true }),
  )
  expect(kept.length).toBeGreaterThan(12)
  return kept
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
}

async function speakInTheOpen(guest: Box): Promise<void> {
  const script = `const s = require('node:dgram').createSocket('udp4'); s.send('${OPEN_WORDS}', 9, '10.77.0.21', () => s.close())`
  const program = guest.start([process.execPath, '-e', script], {})
  await untilSo('the guest has spoken', BACK_MS_MAX, program.isOver)
}

test('on a shared network with a rogue, faces follow the branch to its new address, and nothing secret passes in the open', async () => {
  const folder = newFolder()
  await using lan = openLan()
  const box = {
    branch: lan.box('branch', FIRST),
    kiosk: lan.box('kiosk', '10.77.0.21'),
    display: lan.box('display', '10.77.0.22'),
    caller: lan.box('caller', '10.77.0.23'),
    guest: lan.box('guest', '10.77.0.50'),
    rogue: lan.box('rogue', ROGUE),
  }
  const capture = await startCapture(lan.hub, folder)
  const branch = await startBranchIn(box.branch, CHECKOUT, join(folder, 'branch'))
  const agents = bank.agents.map((agent) => ({ ...agent, pin: PIN }))
  expect((await branch.ask('PUT', '/api/v1/catalogue', { ...bank, agents })).status).toBe(200)

  const kioskCode = await invite(branch, 'kiosk')
  expect(kioskCode.link).toContain(`https://${FIRST}:7070/#`)
  const fingerprint = new URLSearchParams(new URL(kioskCode.link).hash.slice(1)).get('key') ?? ''
  const rogue = await startRogueIn(box.rogue, fingerprint, join(folder, 'rogue'))

  const displayCode = await invite(branch, 'display')
  const callerCode = await invite(branch, 'caller')
  const kiosk = await startFaceIn(box.kiosk, 'kiosk', CHECKOUT, join(folder, 'kiosk'), kioskCode.link)
  const display = await startFaceIn(box.display, 'display', CHECKOUT, join(folder, 'display'), displayCode.link)
  const caller = await startFaceIn(box.caller, 'caller', CHECKOUT, join(folder, 'caller'), null)
  await pairByWords(caller, callerCode)
  const faces = [kiosk, display, caller]
  for (const face of faces) await untilSo(`the ${face.kind} is in contact`, PAIRED_MS_MAX, face.isInContact)

  const [counter = { id: '' }] = bank.counters
  const [agent = { id: '' }] = bank.agents
  const opened = await caller.ask('POST', `/api/v1/counters/${counter.id}/open`, { agentId: agent.id, pin: PIN })
  expect(opened.status).toBe(200)
  const first = await serveOne(kiosk, caller, counter.id)

  expect(filesForOthers(folder)).toEqual([])

  // The branch gets a new lease; whoever says to be it sits down at the old address.
  box.branch.readdress(SECOND)
  box.rogue.readdress(ROGUE, FIRST)
  const isBack = async (face: FaceOnLan): Promise<boolean> =>
    face.pairing().branchUrl === `https://${SECOND}:7070` && (await face.isInContact())
  const backMs = await untilSo('every face is back', BACK_MS_MAX, async () =>
    (await Promise.all(faces.map(isBack))).every(Boolean),
  )
  const second = await serveOne(kiosk, caller, counter.id)
  expect(second).not.toBe(first)
  const isSame = async (): Promise<boolean> =>
    new Set((await Promise.all(faces.map((face) => face.state()))).map(({ seq }) => seq)).size === 1
  await untilSo('every face has the same log', BACK_MS_MAX, isSame)

  // The rogue was tried, and never told anything; each face says so, once for each address.
  expect(rogue.visitCount()).toBeGreaterThan(0)
  expect(rogue.heard()).toEqual([])
  for (const face of faces) {
    const hints = [...face.program.said().matchAll(/"url":"([^"]+)","msg":"somebody else answers/g)].map(
      ([, url]) => url,
    )
    expect(hints).toContain(`https://${ROGUE}:7070`)
    expect(new Set(hints).size).toBe(hints.length)
  }

  await speakInTheOpen(box.guest)
  const captured = await capture.stop()
  const secrets = [
    PIN,
    NOTE,
    INSTALLER_TOKEN,
    ...[kioskCode, displayCode, callerCode].map(({ code }) => code),
    ...faces.map((face) => face.pairing().token),
    'authorization',
  ]
  expect(captured.missed).toBe(0)
  // What passes in the open is seen: so what is not seen did not.
  expect(textsSeen(captured, [OPEN_WORDS, fingerprint])).toEqual([OPEN_WORDS, fingerprint])
  expect(textsSeen(captured, secrets)).toEqual([])
  console.log(
    `faces back after ${Math.round(backMs / 100) / 10} s; ${captured.frames.length} frames searched for ${secrets.length} secrets`,
  )
})
