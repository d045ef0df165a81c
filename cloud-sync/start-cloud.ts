import { mkdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { lockFolder } from '#shared/disk/lock-folder.ts'
import { startHeadKeeper } from './audit/head-keeper.ts'
import type { Config } from './config.ts'
import { openIdentityStore } from './identity/identity-store.ts'
import { type Identity, type IdentityParts, openIdentity } from './identity/open-identity.ts'
import { firstLink } from './identity/people/links.ts'
import { forgetTries } from './identity/people/tries.ts'
import { forgetEnded } from './identity/provider/artifacts.ts'
import { openJobs } from './jobs/open-jobs.ts'
import { periodicWork } from './jobs/periodic-work.ts'
import { startPublisher } from './jobs/publisher.ts'
import { startJobs } from './jobs/start-jobs.ts'
import { openMailer } from './mail/mailer.ts'
import { createCourier } from './notify/courier.ts'
import { openMessaging } from './notify/messaging.ts'
import { openApp } from './open-app.ts'
import type { App } from './parts.ts'
import { freePort } from './postgres/free-port.ts'
import { type OwnPostgres, startOwnPostgres } from './postgres/own-postgres.ts'
import { openDatabase } from './store/database.ts'
import { keepForgetting } from './store/forget-erased.ts'
import { SECRETS_FILE } from './store/sealing-secrets.ts'

/** What is behind is looked for this often. */
const SWEEP_MS = 60_000
/** A key that another cloud made is known within this time; it signs nothing before. */
const SIGN_IN_TENDED_MS = 60_000

export interface RunningCloud {
  readonly url: string
  /** Settles when its own Postgres has ended by itself; never, where there is none. */
  readonly databaseEnded: Promise<string>
  close(): Promise<void>
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

interface Server {
  readonly administratorUrl: string
  readonly ended: Promise<string>
  close(): Promise<void>
}

/** The Postgres that was named, or our own on files that no other cloud has open. */
export async function openServer({ folder, databaseUrl }: Config, log: FastifyBaseLogger): Promise<Server> {
  const whole = resolve(folder)
  mkdirSync(whole, { recursive: true })
  if (databaseUrl !== null)
    return { administratorUrl: databaseUrl, ended: new Promise(() => {}), close: () => Promise.resolve() }
  const unlock = lockFolder(whole)
  let own: OwnPostgres
  try {
    own = await startOwnPostgres(whole, log)
  } catch (error) {
    unlock()
    throw error
  }
  const close = async (): Promise<void> => {
    await own.close()
    unlock()
  }
  return { administratorUrl: own.url, ended: own.ended, close }
}

/** @returns stops it */
function keepSweeping({ foldKeeper }: App, log: FastifyBaseLogger): () => void {
  const sweep = (): Promise<void> =>
    foldKeeper.sweep().catch((error: unknown) => log.error({ err: error }, 'the logs could not be looked through'))
  void sweep()
  const sweeping = setInterval(() => void sweep(), SWEEP_MS)
  return () => clearInterval(sweeping)
}

/** People's sign-in; while nobody can sign in, how to make the first administrator is said at each start. */
async function openSignIn(parts: IdentityParts, log: FastifyBaseLogger): Promise<Identity> {
  const { publicUrl, store, nowMs } = parts
  if (store.lostKeyCount > 0)
    log.error(
      { file: SECRETS_FILE },
      'the password in DATABASE_URL is another than before: put this file of a cloud that ran with it into CLOUD_DATA_DIR and start again; without it all people sign in anew, and second factors, secrets of issuers and of webhooks must be set anew',
    )
  const identity = await openIdentity(parts)
  const token = await firstLink(store, nowMs())
  if (token !== null)
    log.warn({ link: `${publicUrl}/first/${token}` }, 'nobody can sign in yet: make the first administrator here, once')
  return identity
}

/** @returns stops it */
function keepSignIn({ store, renewKeys }: Identity, log: FastifyBaseLogger, nowMs: () => number): () => void {
  const tend = async (): Promise<void> => {
    try {
      await renewKeys()
      await forgetEnded(store, nowMs())
      await forgetTries(store, nowMs())
    } catch (error) {
      log.error({ err: error }, 'the sign-in could not be tended')
    }
  }
  const tending = setInterval(() => void tend(), SIGN_IN_TENDED_MS)
  return () => clearInterval(tending)
}

/**
 * Starts the database where it is ours, prepares it, and listens.
 * @throws PostgresError, FolderInUseError; then nothing was left running
 */
export async function startCloud(config: Config, log: FastifyBaseLogger, nowMs: () => number): Promise<RunningCloud> {
  const server = await openServer(config, log)
  /** What is open so far, the last first. */
  const opened: (() => Promise<unknown>)[] = [server.close]
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0)) await close()
  }
  try {
    // Beside our own Postgres lies its password.
    const folder = config.databaseUrl === null ? null : resolve(config.folder)
    const database = await openDatabase({ administratorUrl: server.administratorUrl, folder, log })
    opened.unshift(database.close)
    const headKeeper = startHeadKeeper({ database, folder: resolve(config.folder), log })
    opened.unshift(headKeeper.close)
    const store = await openIdentityStore(server.administratorUrl, log, folder)
    opened.unshift(() => store.close())
    const listensAt = config.port === 0 ? await freePort() : config.port
    const publicUrl = config.publicUrl ?? `http://127.0.0.1:${listensAt}`
    const mailer = config.mail === null ? null : openMailer(config.mail, log)
    opened.unshift(async () => mailer?.close())
    const messaging = openMessaging(config, publicUrl)
    const identity = await openSignIn({ publicUrl, store, database, nowMs, mailer }, log)
    const parts = {
      database,
      identity,
      version,
      nowMs,
      electricUrl: config.electricUrl,
      proxyAddress: config.proxyAddress,
      headKeeper,
      messaging,
    }
    const app = await openApp(parts, log)
    opened.unshift(() => app.close())
    await app.listen({ host: config.host, port: listensAt })
    const stopForgetting = keepForgetting(server.administratorUrl, log)
    const stopSweeping = keepSweeping(app, log)
    const stopSignIn = keepSignIn(identity, log, nowMs)
    const stopSending = app.webhookSender.start()
    const stopTelling = app.live.start()
    const courier = createCourier({ database, providers: messaging.providers, log, nowMs })
    const work = periodicWork({ database, nowMs, log, mailer, publicUrl, live: app.live, courier })
    const { administratorUrl } = server
    opened.unshift(startJobs({ open: () => openJobs({ database, administratorUrl, log, work }), log }))
    opened.unshift(startPublisher({ database, log, nowMs }))
    const { port } = app.server.address() as AddressInfo
    return {
      url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
      databaseEnded: server.ended,
      async close() {
        stopForgetting()
        stopSweeping()
        stopSignIn()
        stopSending()
        stopTelling()
        await closeAll()
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}
