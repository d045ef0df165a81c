import type { Span } from '#shared/domain/opening-hours.ts'

const two = (text: string): string => text.trim().replace(/^(\d):/, '0$1:')

/** `08:00-12:30, 14:00-17:00` as spans; what is none of them is left to the catalogue's rules to refuse. */
export const readSpans = (text: string): readonly Span[] =>
  text
    .split(/[,،;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [opens = '', closes = ''] = part.split(/\s*[-–—]\s*/)
      return { opens: two(opens), closes: two(closes) }
    })

export const writeSpans = (spans: unknown): string =>
  Array.isArray(spans) ? spans.map(({ opens, closes }: Span) => `${opens}-${closes}`).join(', ') : ''
