import { expect, test } from 'vitest'
import { createSender } from '#shared/client/send-command.ts'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { looksLikePaper } from '#shared/wire/paper-code.ts'
import { createWords } from '#shared/words/create-words.ts'
import { readScannedPaper } from './scanned-paper.ts'

const CODE = 'smartqueue:ticket:0193a0b4-7c1e-7d5a-9c3f-2b1a0e9d8c7f.3.0123456789abcdef'

const senderTo = (status: number, body: object, asked: string[] = []) =>
  createSender({
    fetch: (path, { body: sent }) => {
      asked.push(`${path} ${String(sent)}`)
      return Promise.resolve(new Response(JSON.stringify(body), { status }))
    },
    newKey: () => 'key',
    wait: () => Promise.resolve(),
  })

test('what a scanner types is told from a number that somebody types', () => {
  expect([CODE, ` ${CODE.toUpperCase()}`, 'A1001', 'a001', ''].map(looksLikePaper)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})

test('a scanned paper becomes its number', async () => {
  const asked: string[] = []
  expect(await readScannedPaper(senderTo(200, { number: 'A012' }, asked), ` ${CODE} `)).toEqual({
    ok: true,
    number: 'A012',
  })
  expect(asked).toEqual([`/api/v1/tickets/read-code ${JSON.stringify({ code: CODE })}`])
})

test('a paper that no kiosk of the branch has signed is said to be so, in each language', async () => {
  const read = await readScannedPaper(senderTo(404, { code: 'PaperNotOurs' }), CODE)
  expect(read).toEqual({ ok: false, code: 'PaperNotOurs' })
  const said = LANGUAGES.map((language) => createWords(language).sayProblem('PaperNotOurs'))
  expect(new Set([...said, ...LANGUAGES.map((language) => createWords(language).sayProblem('other'))]).size).toBe(6)
})
