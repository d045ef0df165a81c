import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPlayer } from './player.ts'

/** Loudspeakers as a browser gives them, each with its own troubles. */
interface Speaker {
  state: 'running' | 'suspended' | 'closed'
  /** Whether what is played on it ever ends. */
  isAlive: boolean
  resumedCount: number
}

let opened: Speaker[] = []
/** What the next ones that are opened are like. */
let next: Pick<Speaker, 'state' | 'isAlive'> = { state: 'running', isAlive: true }

function source(speaker: Speaker) {
  const listeners: (() => void)[] = []
  return {
    buffer: null,
    addEventListener: (_type: string, listener: () => void) => void listeners.push(listener),
    connect: (to: unknown) => to,
    start: () => {
      if (speaker.isAlive) setTimeout(() => listeners.forEach((listener) => void listener()), 100)
    },
    stop: () => listeners.forEach((listener) => void listener()),
  }
}

class FakeContext {
  readonly speaker: Speaker = { ...next, resumedCount: 0 }
  readonly currentTime = 0
  readonly destination = {}
  constructor() {
    opened.push(this.speaker)
  }
  get state() {
    return this.speaker.state
  }
  createBufferSource = () => source(this.speaker)
  resume = () => {
    this.speaker.resumedCount += 1
    this.speaker.state = 'running'
    return Promise.resolve()
  }
  close = () => {
    this.speaker.state = 'closed'
    return Promise.resolve()
  }
}
class FakeGain {
  readonly gain = { cancelScheduledValues: () => undefined, setValueAtTime: () => undefined }
  connect = (to: unknown) => to
}

const sound = { duration: 0.1 } as AudioBuffer

beforeEach(() => {
  opened = []
  next = { state: 'running', isAlive: true }
  vi.useFakeTimers()
  vi.stubGlobal('AudioContext', FakeContext)
  vi.stubGlobal('GainNode', FakeGain)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const play = async (player: ReturnType<typeof createPlayer>): Promise<boolean> => {
  const heard = player.play(sound)
  await vi.advanceTimersByTimeAsync(2_000)
  return heard
}

test('a loudspeaker that the browser stopped is started again, and the page says meanwhile that it cannot be heard', () => {
  const player = createPlayer()
  expect(player.canSound()).toBe(true)
  const [speaker] = opened
  if (speaker !== undefined) speaker.state = 'suspended'
  expect(player.canSound()).toBe(false)
  player.heal()
  expect([player.canSound(), speaker?.resumedCount, opened.length]).toEqual([true, 1, 1])
})

test('a loudspeaker that says that it runs, and on which nothing ever ends, is let go for another', async () => {
  next = { state: 'running', isAlive: false }
  const player = createPlayer()
  expect(await play(player)).toBe(false)
  expect(opened.map(({ state }) => state)).toEqual(['closed'])
  next = { state: 'running', isAlive: true }
  expect(await play(player)).toBe(true)
  expect(opened.map(({ state }) => state)).toEqual(['closed', 'running'])
})

test('what is broken off on purpose costs no loudspeaker', async () => {
  const player = createPlayer()
  const heard = player.play(sound)
  player.stop()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await heard).toBe(false)
  expect(opened.map(({ state }) => state)).toEqual(['running'])
})
