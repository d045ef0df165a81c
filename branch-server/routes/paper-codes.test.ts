import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { counter1 } from '#shared/domain/testing/bank.ts'
import { isSignedBy, signPaper, tokenDigest } from '#shared/network/paper-signature.ts'
import { PAPER_CODE_LENGTH_MAX, readPaperCode } from '#shared/wire/paper-code.ts'
import type { DeviceClient } from '../testing/client.ts'
import { openTestBranch } from '../testing/test-branch.ts'

const notOurs = { status: 404, body: { code: 'PaperNotOurs' } }
const printed = ({ slot, token }: DeviceClient, ticketId: string): string =>
  signPaper({ ticketId, slot: slot ?? 0 }, tokenDigest(token ?? ''))

test('a scanned paper leads to its ticket; one that is made up, copied to another ticket, or of a removed kiosk does not', async () => {
  await using branch = await openTestBranch()
  const [kiosk, removed] = [await branch.pair('kiosk'), await branch.pair('kiosk')]
  const caller = await branch.staff(counter1, 'amadou')
  const read = (code: string, by: DeviceClient = caller) => by.post('/api/v1/tickets/read-code', { code })
  const { ticketId } = (await kiosk.issue('cash')).body
  const other = (await kiosk.issue('cash')).body.ticketId
  const code = printed(kiosk, ticketId)

  expect(await read(code)).toMatchObject({ status: 200, body: { ticketId, number: 'A001' } })
  expect(await read(` ${code.toUpperCase()}\n`)).toMatchObject({ status: 200, body: { ticketId } })

  const last = code.at(-1) === '0' ? '1' : '0'
  for (const forged of [
    code.slice(0, -1) + last,
    code.replace(ticketId, other),
    `smartqueue:ticket:${ticketId}`,
    'A001',
  ])
    expect(await read(forged), forged).toMatchObject(notOurs)
  expect(await read(code.replace('.1.', '.2.'))).toMatchObject(notOurs)

  const ofRemoved = printed(removed, ticketId)
  expect((await read(ofRemoved)).status).toBe(200)
  await branch.installer.send('DELETE', `/api/v1/devices/${removed.deviceId}`)
  expect(await read(ofRemoved)).toMatchObject(notOurs)

  expect(await read(printed(kiosk, randomUUID()))).toMatchObject({ status: 404, body: { code: 'TicketUnknown' } })
  expect((await read(code, kiosk)).status).toBe(403)
})

test('the code is what kiosk and branch make of the same token, and small enough for narrow paper', () => {
  const ticketId = '0193a0b4-7c1e-7d5a-9c3f-2b1a0e9d8c7f'
  const code = signPaper({ ticketId, slot: 3 }, tokenDigest('a token'))
  expect(code).toBe(`smartqueue:ticket:${ticketId}.3.${readPaperCode(code)?.signature}`)
  expect(code.length).toBeLessThan(PAPER_CODE_LENGTH_MAX)
  const [read] = [readPaperCode(code)]
  expect(read !== null && isSignedBy(read, tokenDigest('a token'))).toBe(true)
  expect(read !== null && isSignedBy(read, tokenDigest('another'))).toBe(false)
})
