import { SLIP_PARTS, type SlipPart } from '../domain/catalogue.ts'
import type { Language } from '../domain/ids.ts'
import type { WaitRange } from '../project/wait-range.ts'
import type { ServiceSign } from './pictograms.ts'

/** `normal`: one cell. `large`: two cells wide and high. `huge`: as large as the paper is wide; only the ticket's number. */
export type TextSize = 'normal' | 'large' | 'huge'
export type TextAlign = 'left' | 'center' | 'right'
export type TextDirection = 'ltr' | 'rtl'

/** One printed line: it already fits the paper, nothing after this breaks lines. */
export interface TextLine {
  readonly type: 'text'
  readonly text: string
  readonly size: TextSize
  readonly weight: 'regular' | 'bold'
  readonly align: TextAlign
  readonly direction: TextDirection
  /** `ink`: white letters on a black bar, for what must not be overlooked. */
  readonly ground: 'paper' | 'ink'
}

/** What a slip is made of, from top to bottom. */
export type SlipLine =
  | TextLine
  | { readonly type: 'rule' }
  /** A PNG as a data URL, drawn as large as the paper allows it. */
  | { readonly type: 'logo'; readonly png: string }
  | { readonly type: 'sign'; readonly sign: ServiceSign }
  | { readonly type: 'qr'; readonly data: string }
  /** Empty paper, in lines of normal text. */
  | { readonly type: 'feed'; readonly lineCount: number }
  | { readonly type: 'cut' }

/** A ticket as it will be on paper, before any printer's bytes. */
export interface Slip {
  readonly language: Language
  readonly lines: readonly SlipLine[]
}

/** The words that are printed once more, for whoever reads another language than the customer. */
export interface FurtherWords {
  readonly language: Language
  readonly serviceName: string
  readonly message: string | null
}

/** All that a ticket says. The logo is the branch's, of the day of printing, and kept with no ticket. */
export interface SlipContent {
  readonly branchName: string
  readonly serviceName: string
  /** As printed and called: `A042`. */
  readonly number: string
  readonly language: Language
  /** Epoch milliseconds. */
  readonly issuedAtMs: number
  /** IANA zone of the branch, as `Africa/Dakar`. */
  readonly timezone: string
  /** People in front at the moment of issue; null = not known, and the slip then promises nothing. */
  readonly aheadCount: number | null
  /** How long the wait will be; null = nobody can tell, and the slip then promises nothing. */
  readonly wait: WaitRange | null
  /** The services that follow under the same number, in order. */
  readonly thenNames: readonly string[]
  /** The ticket was printed while the branch's server was away. */
  readonly offline: boolean
  /** 1 = the original; 2 and more are marked as copies. */
  readonly copyNumber: number
  /** What the QR code holds, usually a web address; null = no QR code. */
  readonly qrData: string | null
  /** What is printed of all this; the number is always. */
  readonly parts: readonly SlipPart[]
  /** null = the service has none. */
  readonly sign: ServiceSign | null
  /** What the branch tells every customer; null = nothing. */
  readonly message: string | null
  readonly further: readonly FurtherWords[]
}

/** A slip of a branch that asked for nothing special. */
export const PLAIN_SLIP = {
  parts: SLIP_PARTS,
  sign: null,
  message: null,
  further: [],
} as const satisfies Partial<SlipContent>
