import { resolve } from 'node:path'
import { ok, type Result, refuse } from '#shared/domain/result.ts'
import { PROFILE_NAMES, type ProfileName } from '#shared/slip/profile.ts'

/** Where a ticket goes, as written in KIOSK_PRINTER. */
export type PrinterPlace =
  | { readonly type: 'network'; readonly host: string; readonly port: number }
  | { readonly type: 'serial'; readonly path: string; readonly baud: number }
  | { readonly type: 'usb'; readonly path: string }
  | { readonly type: 'os'; readonly queue: string }
  | { readonly type: 'pretend'; readonly folder: string }

export interface PrinterAddress {
  readonly place: PrinterPlace
  readonly profile: ProfileName
}

/** A place as it is written in KIOSK_PRINTER, the same whichever way it was written there; without its profile. */
export function addressText(place: PrinterPlace): string {
  switch (place.type) {
    case 'network':
      return `tcp://${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`
    case 'serial':
      return `serial:${place.path}?baud=${place.baud}`
    case 'usb':
      return `usb:${place.path}`
    case 'os':
      return `os:${place.queue}`
    case 'pretend':
      return `pretend:${place.folder}`
  }
}

const PORT_DEFAULT = 9100
const BAUD_DEFAULT = 9600
/** How fast a serial printer may be set to, the usual first. */
export const BAUDS: readonly number[] = [9600, 19_200, 38_400, 57_600, 115_200]
const PROFILE_DEFAULT: ProfileName = 'paper-80'
/** A second one takes what the first surely did not. */
const PRINTERS_MAX = 2
const EXPECTED =
  'use tcp://host:9100, serial:/dev/ttyUSB0?baud=19200, usb:/dev/usb/lp0, os:queue-name or pretend:folder, ' +
  `with ?profile=${PROFILE_NAMES.join('|')} where the paper is another, and at most two with a comma between them`

const wrong = (value: string): Result<never, string> =>
  refuse(`KIOSK_PRINTER is "${value}", which is no printer: ${EXPECTED}.`)

function networkPlace(text: string): PrinterPlace | null {
  if (!text.startsWith('tcp://') || !URL.canParse(text)) return null
  const { hostname, port, username, password, pathname, hash } = new URL(text)
  const hasMore = [username, password, hash].some((part) => part !== '') || !['', '/'].includes(pathname)
  if (hostname === '' || hasMore || port === '0') return null
  const host = hostname.replace(/^\[|\]$/g, '')
  return { type: 'network', host, port: port === '' ? PORT_DEFAULT : Number(port) }
}

function placeOf(text: string, options: URLSearchParams): PrinterPlace | null {
  const scheme = /^([a-z]+):/.exec(text)?.[1] ?? ''
  const rest = text.slice(scheme.length + 1)
  const isPath = /^\/[^\0]+$/.test(rest)
  const baud = options.get('baud')
  if (baud !== null && scheme !== 'serial') return null
  switch (scheme) {
    case 'tcp':
      return networkPlace(text)
    case 'serial':
      return isPath && (baud === null || BAUDS.includes(Number(baud)))
        ? { type: 'serial', path: rest, baud: Number(baud ?? BAUD_DEFAULT) }
        : null
    case 'usb':
      return isPath ? { type: 'usb', path: rest } : null
    case 'os':
      // The names that CUPS allows; a dash in front would be an option of its programs.
      return /^[^-\s/#,?][^\s/#,?]{0,126}$/.test(rest) ? { type: 'os', queue: rest } : null
    case 'pretend':
      return rest === '' ? null : { type: 'pretend', folder: resolve(rest) }
    default:
      return null
  }
}

function addressOf(value: string): PrinterAddress | null {
  const [text = '', query = ''] = value.trim().split('?', 2)
  const options = new URLSearchParams(query)
  const names = [...options.keys()]
  if (new Set(names).size !== names.length || names.some((name) => !['baud', 'profile'].includes(name))) return null
  const place = placeOf(text, options)
  const profile = options.get('profile') ?? PROFILE_DEFAULT
  const known = PROFILE_NAMES.find((name) => name === profile)
  return place === null || known === undefined ? null : { place, profile: known }
}

/**
 * Reads the value of KIOSK_PRINTER.
 * @returns one or two printers, in the order in which they are tried, or a sentence for whoever set it up
 */
export function parsePrinterAddresses(value: string): Result<readonly PrinterAddress[], string> {
  const addresses = value.split(',').map(addressOf)
  const known = addresses.filter((address) => address !== null)
  const isTwice = new Set(known.map(({ place }) => JSON.stringify(place))).size !== known.length
  if (known.length !== addresses.length || known.length > PRINTERS_MAX || isTwice) return wrong(value)
  return ok(known)
}
