import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { commissioningWords } from '#shared/words/commissioning.ts'
import { makeCode, openPerson, type Person, plainDigits } from './person.ts'

/** Somebody whose lines are typed already. @returns what she reads, too */
function typist(...lines: readonly string[]): { person: Person; read: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()]
  let read = ''
  output.on('data', (chunk) => {
    read += String(chunk)
  })
  input.end(lines.map((line) => `${line}\n`).join(''))
  const person = openPerson({ input, output }, commissioningWords('en'), () => new Error('no more'))
  return { person, read: () => read }
}

test('only who has read the code passes, within three tries; a yes or an Enter is none', async () => {
  const answers = async (...lines: string[]) => typist(...lines).person.askCode('askPrint', {}, '0417')
  expect(await answers('0417')).toBe('right')
  expect(await answers('yes', '', ' 0417 ')).toBe('right')
  expect(await answers('yes', 'ok', '417', '0417')).toBe('wrong')
  expect(await answers('yes', '-')).toBe('skipped')
})

test('digits count in whatever letters a keyboard of ours writes them', async () => {
  expect([plainDigits('٠٤١٧'), plainDigits('۰۴۱۷'), plainDigits('0417')]).toEqual(['0417', '0417', '0417'])
  expect(await typist('٠٤١٧').person.askCode('askPrint', {}, '0417')).toBe('right')
})

test('the code itself is nowhere on the terminal, and has four digits', async () => {
  const code = makeCode()
  expect(code).toMatch(/^\d{4}$/)
  const { person, read } = typist('x', 'y', 'z')
  expect(await person.askCode('askPrint', { device: 'Kiosk', place: 1 }, code)).toBe('wrong')
  expect(read()).not.toContain(code)
})

test('where there is no more input, that is said instead of waiting for ever', async () => {
  await expect(typist().person.ask('askName')).rejects.toThrow('no more')
})
