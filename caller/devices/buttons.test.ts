import { expect, test } from 'vitest'
import {
  BOUNCE_MS,
  type ButtonInbox,
  type ButtonTable,
  EMPTY_INBOX,
  hearButtons,
  readButtonPlace,
  STILL_MS,
  USUAL_BUTTONS,
} from './buttons.ts'

/** What a story of pieces, each with its time, does. */
function acts(pieces: readonly (readonly [atMs: number, text: string])[], table: ButtonTable = USUAL_BUTTONS) {
  let inbox: ButtonInbox = EMPTY_INBOX
  return pieces.flatMap(([atMs, text]) => {
    const heard = hearButtons(table, inbox, Buffer.from(text, 'latin1'), atMs)
    inbox = heard.inbox
    return heard.acts
  })
}

test('digits act at once, words once they are whole, in whatever pieces they come', () => {
  const pieces = [
    [0, '1'],
    [500, 'RE'],
    [510, 'CALL\r\n'],
    [1000, 'RET'],
    [1010, 'URN'],
  ] as const
  expect(acts(pieces)).toEqual(['primary', 'recall', 'return'])
})

test('what begins nothing is passed over, and a line that broke off does not spoil the next', () => {
  const pieces = [
    [0, 'xyz\u0000\u00ff2'],
    [500, 'REC'],
    [900, '\nHOLD\n'],
    [1500, 'NEXNEXT'],
  ] as const
  expect(acts(pieces)).toEqual(['recall', 'hold', 'primary'])
})

test('a contact that bounces or is held down is one press; pressed again it is another', () => {
  const held = Array.from({ length: 10 }, (_, at) => [at * (BOUNCE_MS - 50), '1'] as const)
  expect(acts([[0, '111'], ...held])).toEqual(['primary'])
  const twice = [
    [0, '1'],
    [BOUNCE_MS + 1, '1'],
  ] as const
  expect(acts(twice)).toEqual(['primary', 'primary'])
})

test('a line of another speed presses no more than hands do', () => {
  const noise = Array.from({ length: 1_000 }, (_, at) => [at, String((at % 9) + 1)] as const)
  expect(acts(noise).length).toBe(4)
})

test('a line that babbles for hours presses four times in all, and is heard again once it has been still', () => {
  const noise = Array.from({ length: 20_000 }, (_, at) => [at * 10, String((at % 9) + 1)] as const)
  const lastMs = 200_000
  expect(acts(noise).length).toBe(4)
  expect(acts([...noise, [lastMs + STILL_MS - 100, '1']]).length).toBe(4)
  expect(acts([...noise, [lastMs + STILL_MS + 1, '2']]).slice(4)).toEqual(['recall'])
})

test('an address says where the buttons are, how fast they speak and what they mean', () => {
  const place = (text: string) => {
    const read = readButtonPlace(text)
    return read.ok ? [read.value.path, read.value.baud, ...read.value.table] : null
  }
  expect(place('serial:/dev/ttyUSB0')?.slice(0, 2)).toEqual(['/dev/ttyUSB0', 9600])
  expect(place('serial:/dev/serial/by-id/usb-x?baud=19200&N=primary&0x0d=recall')).toEqual([
    '/dev/serial/by-id/usb-x',
    19_200,
    ['N', 'primary'],
    ['\r', 'recall'],
  ])
  expect(place('serial:COM3')?.[0]).toBe('COM3')
})

test('an address that is none is refused with a sentence', () => {
  for (const text of [
    '',
    'tcp://host',
    'serial:',
    'serial:/dev/x?baud=1',
    'serial:/dev/x?baud=9600&baud=9600',
    'serial:/dev/x?1=manage',
    'serial:/dev/x?1=primary&12=recall',
    'serial:/dev/x?0x=primary',
    'serial:/dev/x?é=primary',
  ]) {
    const read = readButtonPlace(text)
    expect(read.ok ? text : read.refusal).toContain('CALLER_BUTTONS')
  }
})
