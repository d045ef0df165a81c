import QRCode from 'qrcode'
import { PICTOGRAMS, type ServiceSign, SIGN_FORMS } from '#shared/slip/pictograms.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { Slip, SlipLine, TextLine } from '#shared/slip/slip.ts'

// A slip as its printer would set it: the very lines that the kiosk prints, in the printer's own dots.

/** Heights of rows and fonts, in dots, as the kiosk draws them. */
const ROW = {
  normal: { fontDots: 25, heightDots: 36 },
  large: { fontDots: 44, heightDots: 66 },
} as const
const HUGE_FONT_MAX_DOTS = 220
/** Of its size a digit of the heaviest weight is about so wide. */
const HUGE_DIGIT_WIDTH = 0.62
const CAPITAL_HEIGHT = 0.714
const BASELINE = 0.72
const SIDE_DOTS = 2
const RULE_DOTS = 30
const SIGN_SHARE = 0.3
const LOGO_SHARE = { width: 0.66, height: 0.25 }
const CUT_DOTS = 24
const SQUARE = 24

interface Placed {
  readonly heightDots: number
  readonly drawn: React.ReactNode
}

function placeText(line: TextLine, widthDots: number): Placed {
  const isHuge = line.size === 'huge'
  const fontDots = isHuge
    ? Math.min(HUGE_FONT_MAX_DOTS, Math.floor((widthDots - 20) / (line.text.length * HUGE_DIGIT_WIDTH)))
    : ROW[line.size === 'large' ? 'large' : 'normal'].fontDots
  const heightDots = isHuge
    ? Math.ceil(fontDots * CAPITAL_HEIGHT) + 36
    : ROW[line.size === 'large' ? 'large' : 'normal'].heightDots
  const baselineDots = isHuge ? heightDots - 24 : Math.round(heightDots * BASELINE)
  const isAtStart = (line.align === 'left') === (line.direction === 'ltr')
  const places = {
    left: { x: SIDE_DOTS, textAnchor: isAtStart ? 'start' : 'end' },
    center: { x: widthDots / 2, textAnchor: 'middle' },
    right: { x: widthDots - SIDE_DOTS, textAnchor: isAtStart ? 'start' : 'end' },
  } as const
  return {
    heightDots,
    drawn: (
      <>
        {line.ground === 'ink' && <rect width={widthDots} height={heightDots} />}
        <text
          {...places[line.align]}
          y={baselineDots}
          direction={line.direction}
          fontSize={fontDots}
          fontWeight={isHuge ? 900 : line.weight === 'bold' ? 700 : 500}
          fill={line.ground === 'ink' ? '#fff' : '#000'}
        >
          {line.text}
        </text>
      </>
    ),
  }
}

function placeSign({ pictogram, colour }: ServiceSign, widthDots: number): Placed {
  const sideDots = widthDots * SIGN_SHARE
  const form = colour === null ? null : SIGN_FORMS[colour]
  return {
    heightDots: sideDots,
    drawn: (
      <g transform={`translate(${(widthDots - sideDots) / 2} 0) scale(${sideDots / SQUARE})`}>
        {form !== null && <path d={form.path} />}
        <g
          transform={`translate(12 12) scale(${form?.scale ?? 1}) translate(-12 -12)`}
          fill="none"
          stroke={form === null ? '#000' : '#fff'}
          strokeWidth="1.9"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          {PICTOGRAMS[pictogram].map((path) => (
            <path key={path} d={path} />
          ))}
        </g>
      </g>
    ),
  }
}

function placeCode(data: string, { widthDots, qrModuleDots }: PrinterProfile): Placed {
  const { size, data: modules } = QRCode.create(data, { errorCorrectionLevel: 'M' }).modules
  const black = Array.from(modules.keys()).filter((at) => modules[at] === 1)
  const path = black.map((at) => `M${at % size} ${Math.floor(at / size)}h1v1h-1z`).join('')
  return {
    heightDots: size * qrModuleDots,
    drawn: (
      <path
        d={path}
        shapeRendering="crispEdges"
        transform={`translate(${(widthDots - size * qrModuleDots) / 2} 0) scale(${qrModuleDots})`}
      />
    ),
  }
}

function placeLine(line: SlipLine, profile: PrinterProfile): Placed {
  const { widthDots } = profile
  switch (line.type) {
    case 'text':
      return placeText(line, widthDots)
    case 'rule':
      return { heightDots: RULE_DOTS, drawn: <rect y={RULE_DOTS / 2 - 1} width={widthDots} height={2} /> }
    case 'sign':
      return placeSign(line.sign, widthDots)
    case 'qr':
      return placeCode(line.data, profile)
    case 'logo': {
      const [width, height] = [widthDots * LOGO_SHARE.width, widthDots * LOGO_SHARE.height]
      const drawn = (
        <image className="paper-logo" href={line.png} x={(widthDots - width) / 2} width={width} height={height} />
      )
      return { heightDots: height, drawn }
    }
    case 'feed':
      return { heightDots: line.lineCount * ROW.normal.heightDots, drawn: null }
    case 'cut':
      return { heightDots: CUT_DOTS, drawn: <path className="paper-cut" d={`M0 ${CUT_DOTS / 2}h${widthDots}`} /> }
  }
}

interface PaperProps {
  readonly slip: Slip
  readonly profile: PrinterProfile
  /** What it is, to whoever listens. */
  readonly label: string
}

/** The paper, as wide as it is. */
export function Paper({ slip, profile, label }: PaperProps) {
  const { widthDots } = profile
  const placed = slip.lines.map((line) => placeLine(line, profile))
  const tops = placed.map((_, at) => placed.slice(0, at).reduce((sum, { heightDots }) => sum + heightDots, 0))
  const heightDots = placed.reduce((sum, it) => sum + it.heightDots, 0)
  return (
    <svg
      className={`paper paper-${profile.paperMm}`}
      role="img"
      aria-label={label}
      viewBox={`-20 -20 ${widthDots + 40} ${heightDots + 40}`}
    >
      {placed.map(({ drawn }, at) => (
        <g key={at} transform={`translate(0 ${tops[at]})`}>
          {drawn}
        </g>
      ))}
    </svg>
  )
}
