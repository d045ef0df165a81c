import { SERVICE_COLOURS, type ServiceColour } from '../domain/catalogue.ts'

/** What a service can be drawn as: lines in a square of 24 by 24, the same on the kiosk's tile and on paper. */
export const PICTOGRAMS = {
  cash: ['M2.5 6.5h19v11h-19z', 'M9.3 12a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0z', 'M5.7 12h.1M18.2 12h.1'],
  account: ['M3.5 9.5 12 4l8.5 5.5zM5.5 9.5V18M10 9.5V18M14 9.5V18M18.5 9.5V18M3.5 20h17'],
  transfer: ['M3.5 8.5h16M15 4l4.5 4.5L15 13M20.5 16h-16M9 11.5 4.5 16 9 20.5'],
  advice: ['M4 4.5h16v11.5h-8L7 20.5V16H4zM8 8.5h8M8 12h5'],
  card: ['M2.5 5.5h19v13h-19zM2.5 10h19M6 14.5h4'],
  loan: [
    'M3.5 3.5h17v17h-17z',
    'M7.5 16.5l9-9M7.2 8.8a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0zM13.6 15.2a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0z',
  ],
  service: ['M5 3.5h14v17l-2.3-1.6-2.4 1.6-2.3-1.6-2.3 1.6-2.4-1.6L5 20.5zM9 8.5h6M9 12.5h6'],
  document: ['M5.5 2.5h9l4.5 4.5v14.5H5.5zM14.5 2.5V7H19M9 12h6.5M9 16h6.5'],
  people: [
    'M5.8 8a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z',
    'M3 19.5c.4-3.9 2.8-6 6-6s5.6 2.1 6 6M15.5 5.2a3.2 3.2 0 0 1 0 5.6M17.5 14c2 .8 3.2 2.7 3.5 5.5',
  ],
  person: ['M8.3 8a3.7 3.7 0 1 0 7.4 0a3.7 3.7 0 1 0-7.4 0z', 'M4.5 20.5c.5-4.6 3.4-7 7.5-7s7 2.4 7.5 7'],
  health: ['M9 3.5h6V9h5.5v6H15v5.5H9V15H3.5V9H9z'],
  medicine: ['M6.2 12.2l6-6a4 4 0 0 1 5.6 5.6l-6 6a4 4 0 0 1-5.6-5.6zM9.2 9.2l5.6 5.6'],
  laboratory: ['M9.5 3.5h5M10.5 3.5v6l-6 9.2c-.6 1 0 1.8 1 1.8h13c1 0 1.6-.8 1-1.8l-6-9.2v-6M7.5 15h9'],
  phone: ['M7 2.5h10v19H7zM7 17.5h10M12 19.5h.1'],
  parcel: ['M3.5 7.5 12 3.5l8.5 4v9l-8.5 4-8.5-4zM3.5 7.5l8.5 4 8.5-4M12 11.5v9'],
  home: ['M3.5 11.5 12 4l8.5 7.5M6 9.5v11h12v-11M10 20.5v-6h4v6'],
  vehicle: ['M3.5 16.5v-4l2.5-6h12l2.5 6v4zM3.5 12.5h17M6.5 16.5v2.5M17.5 16.5v2.5M7 14.5h.1M17 14.5h.1'],
  school: ['M2.5 9 12 4.5 21.5 9 12 13.5zM6.5 11v5.5c3 2.5 8 2.5 11 0V11M21.5 9v6'],
  key: ['M3 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0zM11 12h10M17 12v4M20.5 12v3'],
} as const satisfies { readonly [name: string]: readonly string[] }

export type Pictogram = keyof typeof PICTOGRAMS

/** A catalogue may name a pictogram of its own time; an unknown one becomes the plain ticket. */
export const pictogramNamed = (name: string | null): Pictogram =>
  name !== null && Object.hasOwn(PICTOGRAMS, name) ? (name as Pictogram) : 'service'

/**
 * Each colour has a form of its own, behind the pictogram: on a screen both are seen, on paper the form is left, and so
 * it is for who cannot tell the colours apart. Paths in the same square; `scale` is how much of it the pictogram takes.
 */
export const SIGN_FORMS: { readonly [colour in ServiceColour]: { readonly path: string; readonly scale: number } } = {
  blue: { path: 'M12 0a12 12 0 1 1 0 24a12 12 0 1 1 0-24z', scale: 0.62 },
  green: {
    path: 'M2 .5h20a1.5 1.5 0 0 1 1.5 1.5v20a1.5 1.5 0 0 1-1.5 1.5H2A1.5 1.5 0 0 1 .5 22V2A1.5 1.5 0 0 1 2 .5z',
    scale: 0.7,
  },
  red: { path: 'M7 0h10l7 7v10l-7 7H7l-7-7V7z', scale: 0.64 },
  orange: { path: 'M12 0 24 12 12 24 0 12z', scale: 0.48 },
  violet: { path: 'M12 0 22.6 6v12L12 24 1.4 18V6z', scale: 0.6 },
  brown: { path: 'M0 12C0 5.4 5.4 0 12 0s12 5.4 12 12v12H0z', scale: 0.64 },
}

/** What a customer who does not read goes by: the same on the tile and on paper. */
export interface ServiceSign {
  readonly pictogram: Pictogram
  /** null: no colour, and no form behind the pictogram. */
  readonly colour: ServiceColour | null
}

/** @returns null for a service that has neither pictogram nor colour: a sign that many share leads nobody */
export function serviceSign({
  icon,
  colour,
}: {
  icon: string | null
  colour?: ServiceColour | null
}): ServiceSign | null {
  if (icon === null && (colour ?? null) === null) return null
  return { pictogram: pictogramNamed(icon), colour: SERVICE_COLOURS.find((known) => known === colour) ?? null }
}
