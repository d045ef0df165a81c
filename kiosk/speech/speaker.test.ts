import { afterEach, expect, test, vi } from 'vitest'
import type { Sentence } from './read-page.ts'
import { createSpeaker } from './speaker.ts'

afterEach(() => void vi.unstubAllGlobals())

const sentence = (text: string): Sentence => ({ text, language: 'fr' })

test('a sound card that refuses once takes one sentence, and what comes after it is heard', async () => {
  let madeCount = 0
  const heard: string[] = []
  const told: boolean[] = []
  class Playing {
    buffer = ''
    onended = (): void => {}
    connect(): void {}
    stop(): void {}
    start(): void {
      heard.push(this.buffer)
      setTimeout(() => this.onended(), 0)
    }
  }
  class Card {
    destination = {}
    resume = async (): Promise<void> => {}
    createGain = () => ({ connect() {}, gain: { value: 0 } })
    decodeAudioData = async (bytes: ArrayBuffer) => new TextDecoder().decode(bytes)
    createBufferSource(): Playing {
      madeCount += 1
      if (madeCount === 1) throw new DOMException('the device is gone', 'InvalidStateError')
      return new Playing()
    }
  }
  vi.stubGlobal('AudioContext', Card)
  vi.stubGlobal('fetch', async (_path: string, { body }: { body: string }) => {
    const { text } = JSON.parse(body) as { text: string }
    return new Response(text)
  })
  const speaker = createSpeaker((canSpeak) => void told.push(canSpeak))
  speaker.say([sentence('one'), sentence('two')])
  await expect.poll(() => heard).toEqual(['two'])
  speaker.say([sentence('three')])
  await expect.poll(() => heard).toEqual(['two', 'three'])
  expect(told).toContain(false)
})
