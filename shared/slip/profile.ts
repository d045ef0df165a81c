import { CODE_PAGE_NAMES, type CodePageName } from './code-pages.ts'
import paper58 from './profiles/paper-58.json' with { type: 'json' }
import paper58Raster from './profiles/paper-58-raster.json' with { type: 'json' }
import paper58Receipts from './profiles/paper-58-receipts.json' with { type: 'json' }
import paper80 from './profiles/paper-80.json' with { type: 'json' }
import paper80Raster from './profiles/paper-80-raster.json' with { type: 'json' }
import paper80Receipts from './profiles/paper-80-receipts.json' with { type: 'json' }

export interface ProfileCodePage {
  readonly name: CodePageName
  /** What this printer calls it: the n of `ESC t n`. */
  readonly selector: number
}

/** A kind of printer, as data. */
export interface PrinterProfile {
  readonly name: string
  readonly paperMm: 58 | 80
  /** Characters of the normal font in one line. */
  readonly columnCount: number
  /** Printable width in dots; a multiple of 8. */
  readonly widthDots: number
  /** Tried in this order; empty = every line is drawn, for printers whose code pages nobody knows. */
  readonly codePages: readonly ProfileCodePage[]
  readonly cutter: 'full' | 'partial' | 'none'
  /** Empty lines before the cut, so that the knife or the tear bar falls below the last line. */
  readonly feedBeforeCutLineCount: number
  readonly qr: 'native' | 'raster'
  /** Side of one QR module, in dots. */
  readonly qrModuleDots: number
  /** `process-id`: answers `GS ( H` when the ticket's data was processed, the only real receipt; never assumed. */
  readonly receipt: 'process-id' | 'none'
  /** `offered`: tells by itself when its state changes, once `GS a` has asked for it; never assumed. */
  readonly automaticStatus: 'offered' | 'none'
}

export const PROFILE_NAMES = [
  'paper-80',
  'paper-58',
  'paper-80-raster',
  'paper-58-raster',
  'paper-80-receipts',
  'paper-58-receipts',
] as const
export type ProfileName = (typeof PROFILE_NAMES)[number]

const FILE_BY_NAME: { readonly [name in ProfileName]: unknown } = {
  'paper-80': paper80,
  'paper-58': paper58,
  'paper-80-raster': paper80Raster,
  'paper-58-raster': paper58Raster,
  'paper-80-receipts': paper80Receipts,
  'paper-58-receipts': paper58Receipts,
}

const QR_MODULE_DOTS_MAX = 8
const FEED_LINES_MAX = 20

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
}

function isCodePage(value: unknown): value is ProfileCodePage {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('selector' in value)) return false
  return CODE_PAGE_NAMES.some((name) => name === value.name) && isWhole(value.selector, 0, 255)
}

function isOneOf(...choices: readonly unknown[]): (value: unknown) => boolean {
  return (value) => choices.includes(value)
}

const CHECKS: { readonly [field in keyof PrinterProfile]: (value: unknown) => boolean } = {
  name: (value) => typeof value === 'string' && value.length > 0,
  paperMm: isOneOf(58, 80),
  columnCount: (value) => isWhole(value, 16, 64),
  widthDots: (value) => isWhole(value, 192, 832) && value % 8 === 0,
  codePages: (value) => Array.isArray(value) && value.every(isCodePage),
  cutter: isOneOf('full', 'partial', 'none'),
  feedBeforeCutLineCount: (value) => isWhole(value, 0, FEED_LINES_MAX),
  qr: isOneOf('native', 'raster'),
  qrModuleDots: (value) => isWhole(value, 2, QR_MODULE_DOTS_MAX),
  receipt: isOneOf('process-id', 'none'),
  automaticStatus: isOneOf('offered', 'none'),
}

/** Whether this is a whole profile, with every field and no other. */
export function isProfile(value: object): value is PrinterProfile {
  const fields = new Map<string, unknown>(Object.entries(value))
  return fields.size === Object.keys(CHECKS).length && profileFaults(value).length === 0
}

/** Which fields of a profile are wrong or missing; empty when it is good. */
export function profileFaults(value: object): readonly string[] {
  const fields = new Map<string, unknown>(Object.entries(value))
  return Object.entries(CHECKS)
    .filter(([field, isGood]) => !isGood(fields.get(field)))
    .map(([field]) => field)
}

/**
 * The printer profile of that name.
 * @throws when the file beside this one is wrong: a fault of the build, never of the branch
 */
export function profileNamed(name: ProfileName): PrinterProfile {
  const file = FILE_BY_NAME[name]
  if (typeof file === 'object' && file !== null && isProfile(file)) return file
  throw new Error(`The printer profile ${name} is wrong: ${profileFaults(Object(file)).join(', ')}`)
}
