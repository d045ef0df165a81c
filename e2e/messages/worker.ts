// A cloud's worker of messages, as a program of its own, so that it can be killed: pg-boss, the outbox and the provider.
import { pino } from 'pino'
import { messageWork } from '../../cloud-sync/jobs/message-work.ts'
import { openJobs } from '../../cloud-sync/jobs/open-jobs.ts'
import { createCourier } from '../../cloud-sync/notify/courier.ts'
import { openMessaging } from '../../cloud-sync/notify/messaging.ts'
import type { TwilioConfig } from '../../cloud-sync/notify/twilio.ts'
import { openDatabase } from '../../cloud-sync/store/database.ts'
import type { Pace } from '../../cloud-sync/store/message-claim.ts'

export interface WorkerOptions {
  readonly administratorUrl: string
  readonly twilio: TwilioConfig
  readonly publicUrl: string
  readonly pace: Pace
}

const { administratorUrl, twilio, publicUrl, pace } = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions
const log = pino({ level: 'error' }, pino.destination(2))
const database = await openDatabase({ administratorUrl, log })
const { providers } = openMessaging({ twilio, mail: null }, publicUrl)
const nowMs = (): number => Date.now()
const courier = createCourier({ database, providers, log, nowMs, pace })
const work = { messages: { ...messageWork({ database, courier, nowMs }), everySeconds: 5 } }
await openJobs({ database, administratorUrl, log, work })
console.log('ready')
// It ends with whoever started it.
process.stdin.on('end', () => process.exit(0)).resume()
