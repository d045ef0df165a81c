import { expect, test } from 'vitest'
import { paperOf, readGiven, readJobState, readPrinter } from './host-answers.ts'

const PRINTER = { isOutOfPaper: false, isSimulated: false }
const job = (state: string) => ({ id: 'job-1', state })

test('paper is ready only when the host says so', () => {
  expect(paperOf(job('confirmed'), PRINTER)).toBe('ready')
  expect(paperOf(job('sent'), PRINTER)).toBe('ready')
  expect(paperOf(job('queued'), PRINTER)).toBe('coming')
  expect(paperOf(job('queued'), { ...PRINTER, isOutOfPaper: true })).toBe('no-paper')
  expect(paperOf(job('failed'), PRINTER)).toBe('failed')
  expect(paperOf(job('expired'), PRINTER)).toBe('failed')
  expect(paperOf(job('uncertain'), PRINTER)).toBe('uncertain')
  expect(paperOf(null, PRINTER)).toBe('none')
})

test('a pretend printer never makes a customer look for paper', () => {
  expect(paperOf(job('confirmed'), { isOutOfPaper: false, isSimulated: true })).toBe('simulated')
})

test('a ticket is read from the host’s answer, also one given without the server', () => {
  const answer = readGiven({
    ticket: { ticketId: 't', number: 'A1001', serviceId: 'cash', position: null, estimate: null },
    offline: true,
    printJob: { id: 'job-1', state: 'queued' },
  })
  expect(answer?.ticket).toMatchObject({ number: 'A1001', isOffline: true, position: null, printJobId: 'job-1' })
  expect(answer?.ticket).toMatchObject({ estimate: null, plan: [] })
  expect(readGiven({ surprise: 1 })).toBeNull()
})

test('the wait that was told and the services that follow are read with the ticket', () => {
  const told = {
    ticketId: 't',
    number: 'A001',
    serviceId: 'cash',
    estimate: { lowMs: 1, highMs: 2 },
    plan: ['card', 7],
  }
  expect(readGiven({ ticket: told })?.ticket).toMatchObject({ estimate: { lowMs: 1, highMs: 2 }, plan: ['card'] })
})

test('the state of one print job is found among the latest', () => {
  expect(readJobState([job('sent'), { id: 'job-2', state: 'failed' }], 'job-2')?.state).toBe('failed')
  expect(readJobState({}, 'job-2')).toBeNull()
  expect(readPrinter({ paper: 'out' })).toEqual({ isOutOfPaper: true, isSimulated: false })
})
