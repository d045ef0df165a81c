import { resolve } from 'node:path'
import { ok, type Result, refuse } from '#shared/domain/result.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import { networkPrinter } from './network.ts'
import { pretendPrinter } from './pretend.ts'
import type { TicketPrinter } from './printer.ts'

/** Where a ticket goes, as written in KIOSK_PRINTER. */
export type PrinterAddress =
  | { readonly type: 'network'; readonly host: string; readonly port: number }
  | { readonly type: 'pretend'; readonly folder: string }

/** Why there is no printer, in one sentence for whoever set it up. */
export interface PrinterRefusal {
  readonly type: 'PrinterNotBuiltYet' | 'PrinterAddressWrong'
  readonly sentence: string
}

const PORT_DEFAULT = 9100
const NOT_BUILT: Readonly<Record<string, string>> = {
  serial: 'printers on a serial port',
  usb: 'printers on USB',
  os: "the operating system's printers",
}
const EXPECTED = 'use tcp://host:9100 or pretend:folder'

function wrong(value: string): Result<never, PrinterRefusal> {
  const sentence = `KIOSK_PRINTER is "${value}", which is no printer: ${EXPECTED}.`
  return refuse({ type: 'PrinterAddressWrong', sentence })
}

function networkAddress(value: string): PrinterAddress | null {
  if (!URL.canParse(value)) return null
  const { hostname, port, username, password, pathname, search, hash } = new URL(value)
  const hasMore = [username, password, search, hash].some((part) => part !== '') || !['', '/'].includes(pathname)
  if (hostname === '' || hasMore || port === '0') return null
  return {
    type: 'network',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORT_DEFAULT : Number(port),
  }
}

/** Reads the value of KIOSK_PRINTER: `tcp://host:9100` or `pretend:folder`. */
export function parsePrinterAddress(value: string): Result<PrinterAddress, PrinterRefusal> {
  const text = value.trim()
  const scheme = /^([a-z]+):/.exec(text)?.[1] ?? ''
  const rest = text.slice(scheme.length + 1)
  const notBuilt = Object.hasOwn(NOT_BUILT, scheme) ? NOT_BUILT[scheme] : undefined
  if (notBuilt !== undefined) {
    const sentence = `KIOSK_PRINTER is "${value}", but ${notBuilt} are not built yet: ${EXPECTED}.`
    return refuse({ type: 'PrinterNotBuiltYet', sentence })
  }
  if (scheme === 'pretend' && rest !== '') return ok({ type: 'pretend', folder: resolve(rest) })
  const network = scheme === 'tcp' && rest.startsWith('//') ? networkAddress(text) : null
  return network === null ? wrong(value) : ok(network)
}

/** Makes the printer that KIOSK_PRINTER names, without speaking to it yet. */
export function openPrinter(value: string, profile: PrinterProfile): Result<TicketPrinter, PrinterRefusal> {
  const parsed = parsePrinterAddress(value)
  if (!parsed.ok) return parsed
  const address = parsed.value
  switch (address.type) {
    case 'network':
      return ok(networkPrinter({ host: address.host, port: address.port, receipt: profile.receipt }))
    case 'pretend':
      return ok(pretendPrinter({ folder: address.folder, profile }))
  }
}
