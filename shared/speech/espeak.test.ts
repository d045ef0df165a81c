import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { openSpeech, type Speech, type SpeechState } from './espeak.ts'
import { loudness, secondsOf, wholeWav } from './wav.ts'

/** Programs that stand in for espeak-ng and misbehave; the real one is heard in e2e/kiosk. */
const folder = mkdtempSync(join(tmpdir(), 'smartqueue-speech-'))
const log = pino({ level: 'silent' })
const opened: Speech[] = []

afterAll(() => {
  for (const speech of opened) speech.close()
  rmSync(folder, { recursive: true, force: true })
})

function program(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o700)
  return path
}

/** A second of a tone, or of nothing, with the lengths a pipe cannot know. */
function wavFile(name: string, height: number): string {
  const samples = Buffer.alloc(44_100)
  for (let at = 0; at < 22_050; at += 1) samples.writeInt16LE(Math.round(height * Math.sin(at / 8)), at * 2)
  const head = Buffer.from(
    '524946462400000057415645666d742010000000010001002256000044ac0000020010006461746100f0ff7f',
    'hex',
  )
  const path = join(folder, name)
  writeFileSync(path, Buffer.concat([head, samples]))
  return path
}
const tone = wavFile('tone.wav', 9_000)
const silence = wavFile('silence.wav', 0)

async function open(path: string): Promise<{ speech: Speech; state: SpeechState }> {
  const speech = openSpeech(path, log)
  opened.push(speech)
  const state = await new Promise<SpeechState>((resolve) => speech.onState(resolve))
  return { speech, state }
}

test('a sentence goes in by the input alone, never as a command, and comes back as sound', async () => {
  const seen = join(folder, 'seen')
  const { speech, state } = await open(program('good', `echo "$@" > ${seen}.args; cat > ${seen}.text; cat ${tone}`))
  expect(state).toBe('ready')
  const spoken = await speech.say('$(touch /tmp/x); -f "[[h@l]]" `id`\u0007', 'ar')
  if (typeof spoken === 'string') throw new Error(spoken)
  expect(spoken.readUInt32LE(40)).toBe(spoken.length - 44)
  expect([Math.round(secondsOf(spoken)), loudness(spoken) > 0.1]).toEqual([1, true])
  expect(readFileSync(`${seen}.args`, 'utf8').trim()).toBe('-v ar -s 150 -b 1 --stdin --stdout')
  expect(readFileSync(`${seen}.text`, 'utf8')).toBe('$(touch /tmp/x); -f " h@l " `id` ')
})

test('a kiosk without the program says so, and a program that is silent, mute, broken or endless is no voice', async () => {
  expect((await open(join(folder, 'not-there'))).state).toBe('missing')
  for (const [name, script] of [
    ['silent', `cat > /dev/null; cat ${silence}`],
    ['mute', 'cat > /dev/null'],
    ['broken', `cat ${tone}; exit 3`],
    ['deaf', 'exec 0<&-; exit 1'],
    ['endless', `cat > /dev/null; cat ${tone}; exec yes`],
  ] as const) {
    const { speech, state } = await open(program(name, script))
    expect([name, state]).toEqual([name, 'failing'])
    expect(await speech.say('Bonjour', 'fr')).toBe('SpeechUnavailable')
  }
})

test('a program that stops speaking while it is used is told at once, and one bad sentence is no loss', async () => {
  const flag = join(folder, 'broken-now')
  const path = program('fading', `grep -q bad && exit 1; [ -e ${flag} ] && exit 1; cat ${tone}`)
  const { speech, state } = await open(path)
  expect(state).toBe('ready')
  const states: SpeechState[] = []
  speech.onState((next) => states.push(next))
  expect(await speech.say('bad', 'fr')).toBe('SpeechUnavailable')
  expect(typeof (await speech.say('Bonjour', 'fr'))).not.toBe('string')
  expect(states).toEqual([])
  writeFileSync(flag, '')
  expect(await speech.say('Bonjour', 'fr')).toBe('SpeechUnavailable')
  await expect.poll(() => states).toEqual(['failing'])
})

test('no more is begun at once than the box can bear: the rest waits, and too many are refused', async () => {
  const { speech } = await open(program('slow', `cat > /dev/null; sleep 0.1; cat ${tone}`))
  const answers = await Promise.all(Array.from({ length: 14 }, () => speech.say('Bonjour', 'fr')))
  expect(answers.filter((it) => it === 'TooBusy')).toHaveLength(4)
  expect(answers.filter((it) => typeof it !== 'string')).toHaveLength(10)
})

test('what is no WAV file is no sound', () => {
  expect(wholeWav(Buffer.from('RIFF'))).toBeNull()
  expect(wholeWav(Buffer.alloc(1_000))).toBeNull()
})
