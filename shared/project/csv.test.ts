import { expect, test } from 'vitest'
import { toCsv } from './csv.ts'

test('a table is as RFC 4180 has it', () => {
  expect(
    toCsv([
      ['a', 'b'],
      ['one, two', 'say "x"'],
      [1.5, null],
      ['two\nlines', 'ü'],
    ]),
  ).toBe('a,b\r\n"one, two","say ""x"""\r\n1.5,\r\n"two\nlines",ü\r\n')
})

test('no name becomes a formula in a spreadsheet, and no number of ours is touched', () => {
  const names = ['=1+1', '+1', '-1', '@x', '\tx', '\rx', '\nx', '＝1', 'a=1']
  const lines = toCsv(names.map((name) => [name, -1])).split('\r\n')
  expect(lines[0]).toBe("'=1+1,-1")
  for (const line of lines.slice(0, 8)) expect(line.replace(/^"/, '').startsWith("'")).toBe(true)
  expect(lines.at(-2)).toBe('a=1,-1')
})
