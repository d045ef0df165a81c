/** Red, green and blue as 0 to 1, gamma-encoded as in `#rrggbb`. */
type Rgb = readonly [number, number, number]

/** What a tenant's accent becomes on one ground, so that everybody can read it. */
export interface AccentColours {
  /** For buttons and large shapes: at least 3:1 against the ground. */
  readonly fill: string
  /** For words: at least 4.5:1 against the ground. */
  readonly text: string
  /** For words on the fill: at least 4.5:1 against it. */
  readonly onFill: string
}

const TEXT_RATIO_MIN = 4.5
const SHAPE_RATIO_MIN = 3
const STEP = 0.01
const DARK_INK = '#0d0b08'
const LIGHT_INK = '#ffffff'

function readHex(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (match === null) throw new Error(`Not a colour as #rrggbb: ${hex}`)
  const [, red = '0', green = '0', blue = '0'] = match
  return [Number.parseInt(red, 16) / 255, Number.parseInt(green, 16) / 255, Number.parseInt(blue, 16) / 255]
}

function writeHex(rgb: Rgb): string {
  const part = (value: number): string =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0')
  return `#${part(rgb[0])}${part(rgb[1])}${part(rgb[2])}`
}

const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue)
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const a = luminance(readHex(one))
  const b = luminance(readHex(other))
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Moves a colour towards black or white by a share, 0 to 1; the hue stays. */
function mix(from: string, towards: string, share: number): string {
  const a = readHex(from)
  const b = readHex(towards)
  return writeHex([a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share])
}

/** The nearest colour of the same hue that stands out enough from the ground. */
function standOut(colour: string, ground: string, ratioMin: number): string {
  const away = luminance(readHex(ground)) > 0.18 ? '#000000' : '#ffffff'
  for (let share = 0; share < 1; share += STEP) {
    const candidate = mix(colour, away, share)
    if (contrastRatio(candidate, ground) >= ratioMin) return candidate
  }
  return away
}

/**
 * Corrects a tenant's accent for one ground. A colour that is already clear enough stays as it is.
 * @param accent - as `#rrggbb`
 * @param ground - the colour behind it, as `#rrggbb`
 * @throws when a colour is not written as `#rrggbb`
 */
export function correctAccent(accent: string, ground: string): AccentColours {
  const shape = standOut(accent, ground, SHAPE_RATIO_MIN)
  const onFill = contrastRatio(LIGHT_INK, shape) >= TEXT_RATIO_MIN ? LIGHT_INK : DARK_INK
  const fill = contrastRatio(onFill, shape) >= TEXT_RATIO_MIN ? shape : standOut(shape, onFill, TEXT_RATIO_MIN)
  return { fill, text: standOut(accent, ground, TEXT_RATIO_MIN), onFill }
}
