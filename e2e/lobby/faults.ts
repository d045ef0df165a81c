import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import WebSocket from 'ws'
import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { startDisplayHost } from '../../display/host.ts'
import { seeCalls, stageAt, startDisplay } from '../../display/model.ts'
import { type BranchFollower, type FeedSocket, followBranch } from '../../shared/client/follow-branch.ts'
import { type BranchView, branchMoment, linkSince } from '../../shared/client/follow-state.ts'
import type { RunningHost } from '../../shared/host/start-host.ts'
import { type LobbyBoard, lobbyBoard } from '../../shared/project/lobby-board.ts'
import { type FlakyProxy, startFlakyProxy } from '../offline/flaky-proxy.ts'

/** A display that says it is in contact may be so late: a silent line is found out after ten seconds, at the next ping. */
const SILENT_MS_MAX = 20_000
const CATCH_UP_TRIES = 3_000
const LOOK_MS = 20
const PEOPLE_WAITING = 40
const WRONG_MAX = 5

/** Numbers that come again from the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface FaultFigures {
  readonly faults: number
  readonly calls: number
  /** Screens that were compared with what the branch held at that place of its log. */
  readonly looks: number
  /** Of them, how many said since when there is no contact. */
  readonly staleLooks: number
  /** Snapshots that the page took: one for each display, and no more. */
  readonly snapshots: number
  readonly slowestCatchUpMs: number
  /** What was wrong; empty when nothing was. */
  readonly wrong: readonly string[]
}

/** The page's own logic on the host's own addresses, without a browser. */
function openPage(url: string, onSnapshot: () => void): BranchFollower {
  const openSocket = (path: string): FeedSocket => {
    const socket = new WebSocket(url.replace('http', 'ws') + path)
    const feed: FeedSocket = {
      onmessage: null,
      onclose: null,
      close: () => socket.close(),
      send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
    }
    socket.on('message', (data) => feed.onmessage?.(String(data)))
    socket.on('close', (code) => feed.onclose?.(code))
    socket.on('error', () => socket.terminate())
    return feed
  }
  return followBranch({
    async getJson(path) {
      if (path.endsWith('/snapshot')) onSnapshot()
      const response = await fetch(url + path).catch(() => null)
      return response?.ok === true ? response.json() : null
    },
    openSocket,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    wait: (waitMs) => pause(waitMs),
    reload() {},
  })
}

/** What the branch held at each place of its log, and since when. */
interface Truth {
  readonly text: string
  readonly heldMs: number
}

const textOf = ({ atMs: _atMs, ...board }: LobbyBoard): string => JSON.stringify(board)

interface Watched {
  readonly name: string
  readonly page: BranchFollower
  readonly host: RunningHost
  readonly proxy: FlakyProxy
}

/** Looks at every display now and compares it with the branch. */
function createWatch(truth: ReadonlyMap<number, Truth>) {
  const wrong: string[] = []
  let looks = 0
  let staleLooks = 0
  let model = startDisplay
  const say = (text: string): void => void (wrong.length < WRONG_MAX && wrong.push(text))

  function lookAt({ name, page }: Watched, headSeq: number): void {
    const view: BranchView = page.view()
    if (view.state === null) return
    const nowMs = performance.now()
    looks += 1
    const board = lobbyBoard(view.state)
    const held = truth.get(board.seq)
    if (held === undefined) say(`${name} shows place ${board.seq}, which the branch never had`)
    else if (held.text !== textOf(board)) say(`${name} shows another board at ${board.seq} than the branch had`)
    const moment = branchMoment(view.clock, nowMs)
    model = seeCalls(model, view.state, nowMs, moment?.steadyMs ?? null)
    const known = new Set(board.calls.map(({ number, counterId }) => `${number} ${counterId}`))
    for (const { number, counterId } of stageAt(model, board, nowMs).large)
      if (!known.has(`${number} ${counterId}`)) say(`${name} calls ${number} to ${counterId}, as nobody did`)
    if (view.link === 'down') {
      staleLooks += 1
      const sinceMs = linkSince(view) ?? board.atMs
      if (!(sinceMs > 0) || (moment !== null && sinceMs > moment.atMs + 1_000)) say(`${name} does not say its age`)
      return
    }
    const missed = board.seq < headSeq ? truth.get(board.seq + 1) : undefined
    if (missed !== undefined && nowMs - missed.heldMs > SILENT_MS_MAX)
      say(`${name} says it is in contact, and lacks what the branch has had for ${nowMs - missed.heldMs} ms`)
  }
  return { lookAt, say, figures: () => ({ wrong, looks, staleLooks }) }
}

/** Somebody works at a desk the whole time. */
async function openDesk(branch: TestBranch) {
  const kiosk = await branch.pair('kiosk')
  const [counter] = sentBank.counters
  const [agent] = sentBank.agents
  if (counter === undefined || agent === undefined) throw new Error('The bank has a counter and an agent')
  const caller = await branch.staff(counter.id, agent.id)
  const serviceId = sentBank.services.find(({ queueId }) => counter.queueIds.includes(queueId))?.id ?? ''
  let calls = 0
  let ticketId = ''
  return {
    calls: () => calls,
    async work(random: () => number): Promise<void> {
      const { waist } = branch.running
      const waiting = [...waist.branch().state.tickets.values()].filter(
        ({ phase }) => phase.status === 'waiting',
      ).length
      if (waiting < PEOPLE_WAITING && random() < 0.6) await kiosk.issue(serviceId)
      if (ticketId !== '' && random() < 0.3) {
        await caller.act(ticketId, 'recall')
        return
      }
      if (ticketId !== '') {
        await caller.act(ticketId, 'start')
        await caller.act(ticketId, 'complete')
      }
      const { status, body } = await caller.callNext(counter.id)
      ticketId = status === 200 ? body.ticketId : ''
      if (status === 200) calls += 1
    },
  }
}

async function openDisplay(
  branch: TestBranch,
  name: string,
  folder: string,
  random: () => number,
  onSnapshot: () => void,
) {
  const proxy = await startFlakyProxy(Number(new URL(branch.url).port))
  const { body } = await branch.installer.post<{ code: string }>('/api/v1/pairings', { kind: 'display', name })
  const host = await startDisplayHost({
    config: { kind: 'display', port: 0, branchUrl: proxy.url, pairingCode: body.code, folder: join(folder, name) },
    clocks: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    random,
    logger: pino({ level: 'silent' }),
    pageFolder: join(folder, 'no page'),
  })
  return { name, proxy, host, page: openPage(host.url, onSnapshot) }
}

/** One fault of the network: cut at once, cut in the middle of a message, or silent for a while. */
async function breakLine({ proxy }: Watched, random: () => number, work: () => Promise<void>, isLong: boolean) {
  const kind = random()
  if (kind < 0.5) proxy.cut()
  else if (kind < 0.8) proxy.cutAfter(Math.floor(random() * 600))
  else proxy.hang()
  const turns = 1 + Math.floor(random() * 3)
  for (let turn = 0; turn < turns; turn += 1) await work()
  // Now and then a silence that only the device itself can find out.
  await pause(isLong && random() < 0.02 ? 16_000 : random() * 60)
}

/** Also a cut that was to come in the middle of a message that did not come. */
function mend({ proxy }: Watched): void {
  proxy.mend()
  proxy.cutAfter(Number.POSITIVE_INFINITY)
}

export interface FaultOptions {
  readonly faults: number
  readonly seed: number
  /** With silences as long as a display takes to find them out. */
  readonly isLong?: boolean
}

/** Two displays behind a bad network while somebody works: what they show is looked at all the time. */
export async function runDisplayFaults({ faults, seed, isLong = false }: FaultOptions): Promise<FaultFigures> {
  const random = dice(seed)
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-faults-'))
  const branch = await openTestBranch({ logLevel: 'silent' })
  const truth = new Map<number, Truth>()
  const hold = (): void => {
    const { state } = branch.running.waist.branch()
    truth.set(state.seq, { text: textOf(lobbyBoard(state)), heldMs: performance.now() })
  }
  hold()
  const stopHolding = branch.running.waist.onCommit(hold)
  const desk = await openDesk(branch)
  let snapshots = 0
  const displays: Watched[] = []
  for (const name of ['left', 'right'])
    displays.push(await openDisplay(branch, name, folder, random, () => (snapshots += 1)))
  const watch = createWatch(truth)
  const headSeq = (): number => branch.running.waist.branch().state.seq
  const looking = setInterval(() => {
    for (const display of displays) watch.lookAt(display, headSeq())
  }, LOOK_MS)
  const isThere = ({ page }: Watched): boolean => page.view().link === 'up' && page.view().state?.seq === headSeq()
  let slowestCatchUpMs = 0

  async function catchUp(display: Watched): Promise<void> {
    const fromMs = performance.now()
    for (let tries = 0; tries < CATCH_UP_TRIES && !isThere(display); tries += 1) await pause(LOOK_MS)
    slowestCatchUpMs = Math.max(slowestCatchUpMs, Math.round(performance.now() - fromMs))
    if (!isThere(display)) watch.say(`${display.name} did not catch up with ${headSeq()}`)
  }

  try {
    for (const display of displays) await catchUp(display)
    const firstSnapshots = snapshots
    slowestCatchUpMs = 0
    for (let fault = 0; fault < faults && watch.figures().wrong.length === 0; fault += 1) {
      const display = displays[fault % displays.length]
      if (display === undefined) break
      await breakLine(display, random, () => desk.work(random), isLong)
      mend(display)
      if (random() < 0.5) await catchUp(display)
    }
    for (const display of displays) {
      mend(display)
      await catchUp(display)
    }
    if (snapshots > firstSnapshots)
      watch.say(`${snapshots - firstSnapshots} times a page began anew instead of going on`)
    return { faults, calls: desk.calls(), snapshots, slowestCatchUpMs, ...watch.figures() }
  } finally {
    clearInterval(looking)
    stopHolding()
    for (const { page, host, proxy } of displays) {
      page.stop()
      await host.close()
      await proxy.close()
    }
    await branch[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
}
