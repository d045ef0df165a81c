import { generateKeyPairSync } from 'node:crypto'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { textOfKey } from '../network/fingerprint.ts'
import type { DeviceHost } from './device-host.ts'
import { fingerprintOfBranch, type Pairing } from './pairing.ts'
import type { Candidate } from './search-network.ts'
import { answerTrials } from './trials.ts'
import { OtherBranchError } from './unreachable.ts'

const log = { info() {}, warn() {}, error() {} }
const branchKey = textOfKey(generateKeyPairSync('ed25519').publicKey) ?? ''
const fingerprint = fingerprintOfBranch(branchKey)
const ROGUE: Candidate = { url: 'https://10.0.0.66:7070', fingerprint }
const BRANCH: Candidate = { url: 'https://10.0.0.7:7070', fingerprint }

/** What the device reports when these answer on its network, in this order. */
async function foundAmong(candidates: readonly Candidate[]): Promise<readonly string[]> {
  let hear: Parameters<DeviceHost['onNews']>[0] = () => {}
  const told = Promise.withResolvers<readonly string[]>()
  const host = {
    pairing: () => ({ branchKey, branchUrl: BRANCH.url }) as Pairing,
    onNews(listener: typeof hear) {
      hear = listener
      return () => {}
    },
    async ask({ body = '' }: { body?: string }) {
      told.resolve((JSON.parse(body) as { urls: readonly string[] }).urls)
      return { status: 200, body: '{}' }
    },
  }
  answerTrials(Fastify(), {
    host: host as never,
    folder: '.',
    clocks: { wallMs: () => 0, monotonicMs: () => 0 },
    log: log as never,
    async search(attempt) {
      for (const candidate of candidates) {
        const found = await attempt(candidate)
        if (found !== null) return found
      }
      return null
    },
    async prove(pairing) {
      if (pairing.branchUrl !== BRANCH.url) throw new OtherBranchError('another key')
    },
  })
  hear({ type: 'trial', trialId: '0197a000-0000-7000-8000-000000000001', order: { kind: 'find' } })
  return told.promise
}

test('whoever announces the branch’s fingerprint without its key is not reported as the branch', async () => {
  expect(await foundAmong([ROGUE, BRANCH])).toEqual([BRANCH.url])
  expect(await foundAmong([ROGUE])).toEqual([])
  expect(await foundAmong([{ ...BRANCH, fingerprint: 'another' }])).toEqual([])
})
