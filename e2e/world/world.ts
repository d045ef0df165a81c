import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { SentCatalogue } from '../../branch-server/testing/bank-catalogue.ts'
import { openTestBranch, type TestBranch } from '../../branch-server/testing/test-branch.ts'
import { type TestClock, testClock } from '../../branch-server/testing/test-clock.ts'
import { type CallerHost, type CallerHostOptions, startCallerHost } from '../../caller/host.ts'
import { startDisplayHost } from '../../display/host.ts'
import type { TicketPrinter } from '../../kiosk/devices/printer.ts'
import { startKioskHost } from '../../kiosk/host.ts'
import type { SearchPlaces } from '../../kiosk/staff/find-printers.ts'
import type { HostConfig } from '../../shared/host/host-config.ts'
import type { HostOptions, RunningHost } from '../../shared/host/start-host.ts'
import type { PrinterProfile } from '../../shared/slip/profile.ts'
import type { DeviceKind } from '../../shared/wire/requests.ts'

/** The bank of the demo, as its installer sends it. */
export const sampleBank = JSON.parse(
  readFileSync(new URL('../../tools/demo/bank.json', import.meta.url), 'utf8'),
) as SentCatalogue

/** A whole branch: the server, its devices with their hosts, one clock for all. */
export interface World extends AsyncDisposable {
  readonly branch: TestBranch
  readonly clock: TestClock
  /** Where the devices keep what is theirs. */
  readonly folder: string
  /** @param searchPlaces - where its staff menu looks for printers; @param speechProgram - left out: the espeak-ng of this machine */
  kiosk(
    name: string,
    printer: TicketPrinter,
    profile: PrinterProfile,
    searchPlaces?: () => SearchPlaces,
    speechProgram?: string,
  ): Promise<RunningHost>
  display(name: string): Promise<RunningHost>
  /** @param more - where its push-button is */
  caller(name: string, more?: Pick<CallerHostOptions, 'buttons'>): Promise<CallerHost>
}

const pages = (kind: DeviceKind): string => new URL(`../../dist/${kind}`, import.meta.url).pathname

/**
 * @param startMs - the wall clock of every box
 * @param more - of every host
 * @param clock - left out: one that stands still unless it is moved
 */
export async function openWorld(
  startMs: number,
  more: Pick<HostOptions, 'lookMs'> = {},
  clock: TestClock = testClock(startMs),
): Promise<World> {
  const branch = await openTestBranch({ catalogue: sampleBank, clock, logLevel: 'warn' })
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-world-'))
  const hosts: RunningHost[] = []
  const logger = pino({ level: 'silent' })

  async function optionsFor(kind: DeviceKind, name: string): Promise<HostOptions> {
    const { body } = await branch.installer.post<{ code: string }>('/api/v1/pairings', { kind, name })
    const config: HostConfig = {
      kind,
      port: 0,
      branchUrl: branch.url,
      pairingCode: body.code,
      folder: join(folder, name.replaceAll(' ', '-')),
    }
    return { config, clocks: clock, random: () => 0.5, logger, pageFolder: pages(kind), ...more }
  }

  async function keep<Host extends RunningHost>(starting: Promise<Host>): Promise<Host> {
    const host = await starting
    hosts.push(host)
    return host
  }

  return {
    branch,
    clock,
    folder,
    kiosk: async (name, printer, profile, searchPlaces, speechProgram) =>
      keep(
        startKioskHost({
          ...(await optionsFor('kiosk', name)),
          printers: [{ address: `test:${name}`, printer, profile }],
          printerSource: 'none',
          ...(searchPlaces && { searchPlaces }),
          ...(speechProgram === undefined ? {} : { speechProgram }),
        }),
      ),
    display: async (name) => keep(startDisplayHost(await optionsFor('display', name))),
    caller: async (name, options) => keep(startCallerHost({ ...(await optionsFor('caller', name)), ...options })),
    async [Symbol.asyncDispose]() {
      for (const host of hosts) await host.close()
      await branch[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until something is so, and says what it was waiting for when it never is. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, triesMax = 300): Promise<void> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`It never came about that ${what}`)
}
