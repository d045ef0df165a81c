import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { FoundPrinter } from '#shared/wire/staff.ts'
import { parsePrinterAddresses } from '../devices/printer-address.ts'

/** Where network printers listen. */
export const PRINTER_PORT = 9100
/** A printer on the same network answers at once or is not there. */
const CONNECT_MS = 600
/** At a time: a search must not be taken for an attack, nor fill the kiosk's own tables. */
const ASKED_AT_ONCE_MAX = 32
/** A kiosk with more networks than these is searched in the first of them. */
const NETWORKS_MAX = 2
const FOUND_MAX = 40
const PROGRAM_WAIT_MS = 3_000

/** Private addresses alone: nobody's printer on the internet is knocked at. */
const PRIVATE = /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/

/** Every address beside one's own, in networks of 254 at most. */
export function neighboursOf(own: readonly string[]): readonly string[] {
  const networks = [...new Set(own.filter((address) => PRIVATE.test(address)).map((it) => it.replace(/\d+$/, '')))]
  return networks
    .slice(0, NETWORKS_MAX)
    .flatMap((network) => Array.from({ length: 254 }, (_, index) => `${network}${index + 1}`))
    .filter((address) => !own.includes(address))
}

/** Whether something listens there. Not a byte is sent: another machine's printer would print it. */
function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}

async function onNetwork(hosts: readonly string[], port: number): Promise<readonly string[]> {
  const waiting = [...hosts]
  const found: string[] = []
  async function askOn(): Promise<void> {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift())
      if (await listens(host, port)) found.push(host)
  }
  await Promise.all(Array.from({ length: ASKED_AT_ONCE_MAX }, askOn))
  return hosts.filter((host) => found.includes(host)).map((host) => `tcp://${host}:${port}`)
}

/** Files of a folder; none when there is no such folder. */
const filesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).then(
    (names) => names.toSorted().map((name) => join(folder, name)),
    () => [],
  )

function queues(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile('env', ['LC_ALL=C', 'lpstat', '-e'], { timeout: PROGRAM_WAIT_MS, killSignal: 'SIGKILL' }, (error, said) =>
      resolve(error === null ? said.split('\n').filter((name) => name !== '') : []),
    )
  })
}

/** Where a search looks; a test hands in its own. */
export interface SearchPlaces {
  readonly hosts: readonly string[]
  readonly port: number
  /** Usually `/dev`. */
  readonly devices: string
}

/** Looks for printers once: on the network beside this kiosk, on its serial and USB lines, among the system's queues. */
export async function findPrinters({ hosts, port, devices }: SearchPlaces): Promise<readonly FoundPrinter[]> {
  const [network, serial, usb, os] = await Promise.all([
    onNetwork(hosts, port),
    // The names under by-id stay when other things are plugged in.
    filesIn(join(devices, 'serial/by-id')),
    filesIn(join(devices, 'usb')),
    queues(),
  ])
  const found = [
    ...network.map((address) => ({ type: 'network', address }) as const),
    ...serial.map((path) => ({ type: 'serial', address: `serial:${path}` }) as const),
    ...usb.filter((path) => /\/lp\d+$/.test(path)).map((path) => ({ type: 'usb', address: `usb:${path}` }) as const),
    ...os.map((name) => ({ type: 'os', address: `os:${name}` }) as const),
  ]
  // A name that could not be kept is not offered.
  return found.filter(({ address }) => parsePrinterAddresses(address).ok).slice(0, FOUND_MAX)
}
