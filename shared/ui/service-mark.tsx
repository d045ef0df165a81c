import type { ServiceColour } from '../domain/catalogue.ts'
import { PICTOGRAMS, pictogramNamed, SIGN_FORMS } from '../slip/pictograms.ts'
import { Icon } from './icons.tsx'

export interface ServiceMarkProps {
  readonly icon: string | null
  readonly colour: ServiceColour | null
}

/**
 * What a service is known by to whoever does not read: its pictogram on the form of its colour, as it is on paper.
 * Silent, for its name stands beside it.
 */
export function ServiceMark({ icon, colour }: ServiceMarkProps) {
  const pictogram = pictogramNamed(icon)
  if (colour === null) return <Icon name={pictogram} />
  const { path, scale } = SIGN_FORMS[colour]
  return (
    <svg className="service-mark" data-colour={colour} aria-hidden="true" viewBox="0 0 24 24">
      <path className="service-mark-form" d={path} />
      <g
        className="service-mark-lines"
        transform={`translate(12 12) scale(${scale}) translate(-12 -12)`}
        fill="none"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {PICTOGRAMS[pictogram].map((line) => (
          <path key={line} d={line} />
        ))}
      </g>
    </svg>
  )
}
