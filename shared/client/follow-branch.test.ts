import { expect, test } from 'vitest'
import type { Epoch, Sha256 } from '../domain/ids.ts'
import { carryState, type Snapshot } from '../domain/state-json.ts'
import { issued, opened, SAMPLE_CATALOGUE, sampleLog, sampleState } from '../project/sample-branch.ts'
import { type FeedSocket, followBranch } from './follow-branch.ts'

const STORY = [issued(1, 'A001'), opened(2, 1), issued(3, 'A002')]
const DEVICE = { deviceId: 'd-1', kind: 'display', name: 'Hall', slot: null }

/** A pretend host: its snapshot covers `known` events of the story; feeds are opened and closed by hand. */
function pretendHost(known: number) {
  const state = sampleState(STORY.slice(0, known))
  const snapshot: Snapshot = {
    epoch: 'sample' as Epoch,
    seq: state.seq,
    headHash: 'head' as Sha256,
    now: state.now,
    carried: carryState(state),
    catalogues: { 1: SAMPLE_CATALOGUE },
  }
  const asked: string[] = []
  const sent: string[] = []
  let reloadCount = 0
  const sockets: FeedSocket[] = []
  const follower = followBranch({
    getJson: (path) => {
      asked.push(path)
      if (path === '/local/v1/snapshot') return Promise.resolve(snapshot)
      return Promise.resolve({ device: DEVICE, link: 'up', sinceMs: 0, time: state.now })
    },
    openSocket: (path) => {
      asked.push(path)
      const socket: FeedSocket = {
        onmessage: null,
        onclose: null,
        close: () => undefined,
        send: (text) => sent.push(text),
      }
      sockets.push(socket)
      return socket
    },
    nowMs: () => 0,
    wallMs: () => 0,
    wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
    reload: () => {
      reloadCount += 1
    },
  })
  const say = (message: object): void => sockets.at(-1)?.onmessage?.(JSON.stringify(message))
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
  return { follower, asked, sent, sockets, say, settle, reloadCount: () => reloadCount }
}

test('a page starts from a snapshot and folds each event after it', async () => {
  const { follower, asked, say, settle } = pretendHost(1)
  await settle()

  for (const event of sampleLog(STORY)) say(event)
  await settle()

  expect(asked).toEqual(['/local/v1/state', '/local/v1/snapshot', '/local/v1/feed?epoch=sample&after=3'])
  expect(follower.view().state?.seq).toBe(5)
  expect(follower.view().state?.tickets.size).toBe(2)
  follower.stop()
})

test('after a break the page continues after its bookmark, without a new snapshot', async () => {
  const { follower, asked, sockets, say, settle } = pretendHost(1)
  await settle()
  const [, , , fourth] = sampleLog(STORY)
  say(fourth ?? {})
  sockets[0]?.onclose?.(1006)
  await settle()

  expect(asked.filter((path) => path.includes('snapshot'))).toHaveLength(1)
  expect(asked.at(-1)).toBe('/local/v1/feed?epoch=sample&after=4')
  follower.stop()
})

test('a bookmark that the host does not know leads to a fresh snapshot', async () => {
  const { follower, asked, sockets, settle } = pretendHost(1)
  await settle()
  sockets[0]?.onclose?.(4409)
  await settle()

  expect(asked.filter((path) => path.includes('snapshot'))).toHaveLength(2)
  follower.stop()
})

test('a gap in the feed leads to a fresh snapshot', async () => {
  const { follower, asked, say, settle } = pretendHost(1)
  await settle()
  const [, , , , fifth] = sampleLog(STORY)
  say(fifth ?? {})
  await settle()

  expect(asked.filter((path) => path.includes('snapshot'))).toHaveLength(2)
  follower.stop()
})

test('a page says on its socket that it draws, and is loaded anew when its host says so', async () => {
  const { follower, sent, say, settle, reloadCount } = pretendHost(1)
  await settle()
  follower.tellAlive()
  expect(sent).toEqual(['alive'])
  expect(reloadCount()).toBe(0)
  say({ type: 'reload' })
  expect(reloadCount()).toBe(1)
  follower.stop()
})
