import { lookup } from 'node:dns/promises'
import { realpath, stat } from 'node:fs/promises'
import { BlockList, isIP } from 'node:net'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ok, type Result, refuse } from '#shared/domain/result.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import { type PrinterPlace, parsePrinterAddresses } from '../devices/printer-address.ts'
import type { SearchPlaces } from './find-printers.ts'

/** Where printers listen; a box with several of them takes one port each. */
const PORTS = { min: 9100, max: 9109 } as const
/** A name of the own network is known at once. */
const LOOKUP_MS_MAX = 3_000
/** What the kernel calls serial lines and USB printers; consoles, disks and memory have other names. */
const DEVICES = { serial: /^(tty[A-Za-z]+|rfcomm)\d+$/, usb: /^lp\d+$/ } as const

/** The networks that are nobody's on the internet. */
const OWN_NETWORKS = new BlockList()
for (const [network, length, family] of [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['::1', 128, 'ipv6'],
] as const)
  OWN_NETWORKS.addSubnet(network, length, family)

/** The addresses of a name; none when nobody knows it. */
export type LookUp = (name: string) => Promise<readonly string[]>

const systemLookUp: LookUp = (name) =>
  Promise.race([
    lookup(name, { all: true }).then(
      (found) => found.map(({ address }) => address),
      () => [],
    ),
    pause(LOOKUP_MS_MAX, [], { ref: false }),
  ])

async function networkFault(
  { host, port }: Extract<PrinterPlace, { type: 'network' }>,
  searchedPort: number,
  lookUp: LookUp,
): Promise<ProblemCode | null> {
  if (port !== searchedPort && (port < PORTS.min || port > PORTS.max)) return 'PrinterPortUnusual'
  const addresses = isIP(host) === 0 ? await lookUp(host) : [host]
  const isOwn = (address: string): boolean => OWN_NETWORKS.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return addresses.length > 0 && addresses.every(isOwn) ? null : 'PrinterOutsideNetwork'
}

async function deviceFault(type: keyof typeof DEVICES, path: string, folder: string): Promise<ProblemCode | null> {
  try {
    const [real, root] = await Promise.all([realpath(path), realpath(folder)])
    const isDevice = (await stat(real)).isCharacterDevice()
    return isDevice && real.startsWith(`${root}/`) && DEVICES[type].test(basename(real)) ? null : 'PrinterDeviceMissing'
  } catch {
    return 'PrinterDeviceMissing'
  }
}

/**
 * The place that somebody at the kiosk has typed or chosen: a printer of the own network, a serial or USB device of this
 * machine, or one of its queues. Whoever is at the menu must not have the kiosk write into any file, or speak to any host;
 * whatever else a printer may be is said by KIOSK_PRINTER.
 */
export async function typedPlace(
  address: string,
  { port, devices }: Pick<SearchPlaces, 'port' | 'devices'>,
  lookUp: LookUp = systemLookUp,
): Promise<Result<PrinterPlace, ProblemCode>> {
  const parsed = parsePrinterAddresses(address)
  const place = parsed.ok && parsed.value.length === 1 ? parsed.value[0]?.place : undefined
  if (place === undefined || place.type === 'pretend') return refuse('PrinterAddressInvalid')
  if (place.type === 'os') return ok(place)
  const fault =
    place.type === 'network'
      ? await networkFault(place, port, lookUp)
      : await deviceFault(place.type, place.path, devices)
  return fault === null ? ok(place) : refuse(fault)
}
