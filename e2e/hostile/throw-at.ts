import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PROBLEM_CODES } from '../../shared/wire/problem.ts'
import type { Exchange } from './raw-line.ts'

/** Bad things that are on their way at once. */
const WIDTH = 16
/** What is made once is not all made when it is warm; of each request hardly more stays than that it was there. */
const [HEAP_BYTES_ONCE_MAX, HEAP_BYTES_EACH_MAX] = [5 * 1024 * 1024, 512]

/** @returns by how much a warm server's memory may have grown after so many requests */
export const heapGrowthBytesMax = (count: number): number => HEAP_BYTES_ONCE_MAX + count * HEAP_BYTES_EACH_MAX

/** What is in use once all that nobody holds was collected. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/**
 * What is wrong with an answer; null when it is as it should be.
 * @param isOwn - whether errors there are ours, and so problems; left out: all of them
 */
export function faultOf({ text, wasSilent }: Exchange, isOwn = true): string | null {
  if (wasSilent) return 'the server kept the line open and said nothing'
  const [, status = ''] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? []
  if (text === '') return null
  if (status === '') return `no status: ${text.slice(0, 80)}`
  if (status.startsWith('5') && status !== '503') return `unexpected ${status}: ${text.slice(0, 400)}`
  const [head = '', body = ''] = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n')
  // Node answers an unknown Expect itself; an answer to HEAD has no body.
  if (!isOwn || !/^HTTP\/1\.1 [45]/.test(head) || status === '417' || body === '') return null
  const [, code = ''] = /"code":"(\w+)"/.exec(body) ?? []
  const isProblem = head.includes('application/problem+json') && PROBLEM_CODES.some((known) => known === code)
  return isProblem ? null : `not a problem: ${text.slice(0, 400)}`
}

/** Sends a number of bad things, some at once. @returns the faults, with what brought them about */
export async function throwAt(
  count: number,
  one: (index: number) => Promise<string | null>,
): Promise<readonly string[]> {
  const faults: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1
      const fault = await one(next)
      if (fault !== null) faults.push(fault)
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
  return faults
}
