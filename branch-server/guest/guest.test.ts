import { request } from 'node:http'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sentBank } from '../testing/bank-catalogue.ts'
import { openTestBranch, type TestBranch } from '../testing/test-branch.ts'
import { openGuests } from './guest-door.ts'
import { guestBoard } from './guest-page.ts'

const withGuests = (guestBoard: boolean) => ({ ...sentBank, branch: { ...sentBank.branch, guestBoard } })

let branch: TestBranch
beforeEach(async () => {
  branch = await openTestBranch({ catalogue: withGuests(true) })
})
afterEach(() => branch[Symbol.asyncDispose]())

const look = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(branch.url + path)
  return { status: response.status, text: await response.text() }
}

test('a guest sees calls, counts and the time, and nothing that the board would not tell', async () => {
  const kiosk = await branch.pair('kiosk')
  const [agent] = sentBank.agents
  const [counter] = sentBank.counters
  const caller = await branch.staff(counter?.id ?? '', agent?.id ?? '')
  const queueId = counter?.queueIds[0]
  const serviceId = sentBank.services.find((service) => service.queueId === queueId)?.id ?? ''
  const { body: ticket } = await kiosk.issue(serviceId, { priority: null })
  await kiosk.issue(serviceId)
  await caller.callNext(counter?.id ?? '')
  const { status, text } = await look('/guest/')
  expect(status).toBe(200)
  expect(text).toContain(`>${ticket.number}<`)
  expect(text).toMatch(/id="clock" dir="ltr">\d\d:\d\d</)
  const { text: board } = await look('/guest/board')
  expect(text).toContain(board)
  for (const secret of [ticket.ticketId, agent?.name ?? '', kiosk.token ?? '', kiosk.deviceId, caller.deviceId])
    expect(text).not.toContain(secret)
  // Nothing from elsewhere, and nothing but what the page itself brings.
  expect(text).not.toMatch(/(src|href)="(?!\/guest\/)/)
})

test('what a catalogue says is text, never markup', async () => {
  const counters = sentBank.counters.map((counter) => ({ ...counter, name: { fr: '<b onclick="x">1</b>' } }))
  const queues = sentBank.queues.map((queue) => ({ ...queue, name: { fr: '<script>x</script>' } }))
  await branch.installer.send('PUT', '/api/v1/catalogue', { ...withGuests(true), counters, queues })
  expect((await look('/guest/board')).text).not.toMatch(/<script|<b /)
  expect((await look('/guest/board')).text).toContain('&lt;script&gt;')
})

test('a number with more signs than usual is drawn smaller, so that it stays on the screen', () => {
  const board = (number: string) => {
    const call = { number, counterName: { fr: 'Guichet 1' } }
    return guestBoard({ branch: null, message: null, queues: [], calls: [call, call], isDayClosed: false } as never, 0)
  }
  expect(board('A001')).not.toContain(' long"')
  expect(board('A10001')).toMatch(/"first long".*"last long"/)
})

test('the page is not there unless the catalogue has it on', async () => {
  for (const path of ['/guest/', '/guest/board', '/guest/guest.js', '/guest/guest.css'])
    expect((await look(path)).status).toBe(200)
  await branch.installer.send('PUT', '/api/v1/catalogue', withGuests(false))
  for (const path of ['/guest/', '/guest/board', '/guest/guest.js']) expect((await look(path)).status).toBe(404)
  await branch.installer.send('PUT', '/api/v1/catalogue', sentBank)
  expect((await look('/guest/')).status).toBe(404)
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** @returns the status, or `closed` */
const knock = (port: number, path: string, method = 'GET'): Promise<number | 'closed'> =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, method, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', () => resolve('closed'))
    asked.end()
  })

test('a door of plain HTTP leads to that page alone, and is open only while it is on', async () => {
  const guestPort = await freePort()
  const { waist } = branch.running
  const readClock = () => ({ wallMs: Date.UTC(2026, 10, 23, 9) }) as never
  const config = { host: '0.0.0.0', guestPort } as never
  const close = openGuests(config, { waist, readClock }, pino({ level: 'silent' }))
  try {
    await expect.poll(() => knock(guestPort, '/guest/')).toBe(200)
    const elsewhere = ['/api/v1/board', '/api/v1/health', '/guest/../api/v1/board', '/openapi.json', '/', '/metrics']
    for (const path of elsewhere) expect(await knock(guestPort, path)).toBe(404)
    expect(await knock(guestPort, '/guest/', 'POST')).toBe(405)
    await branch.installer.send('PUT', '/api/v1/catalogue', withGuests(false))
    expect(await knock(guestPort, '/guest/')).toBe('closed')
    await branch.installer.send('PUT', '/api/v1/catalogue', withGuests(true))
    await expect.poll(() => knock(guestPort, '/guest/')).toBe(200)
  } finally {
    close()
  }
})
