import type { ReactNode } from 'react'
import { PICTOGRAMS, type Pictogram } from '../slip/pictograms.ts'

type Drawings = { readonly [name in Pictogram]: ReactNode }

/** What services are known by, the same here and on paper. */
const SERVICE_SHAPES = Object.fromEntries(
  Object.entries(PICTOGRAMS).map(([name, paths]) => [name, paths.map((path) => <path key={path} d={path} />)]),
) as unknown as Drawings

const SHAPES = {
  ...SERVICE_SHAPES,
  settings: (
    <>
      <path d="M4 7.5h8M17 7.5h3M4 16.5h3M12 16.5h8" />
      <circle cx="14.5" cy="7.5" r="2.4" />
      <circle cx="9.5" cy="16.5" r="2.4" />
    </>
  ),
  arrow: <path d="M4 12h15M13 5.5 19.5 12 13 18.5" />,
  back: <path d="M20 12H5M11 5.5 4.5 12 11 18.5" />,
  globe: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.5c3 2.6 3.6 5.4 3.6 8.5s-.6 5.9-3.6 8.5c-3-2.6-3.6-5.4-3.6-8.5S9 6.1 12 3.5Z" />
    </>
  ),
  access: (
    <>
      <circle cx="12" cy="12" r="9.6" />
      <circle cx="12" cy="6.9" r="1.1" fill="currentColor" />
      <path d="M6.8 9.9c3.4.9 7 .9 10.4 0M12 10.5v3.6M12 14.1l-2.6 4.6M12 14.1l2.6 4.6" />
    </>
  ),
  louder: <path d="M3.5 9.5h3.2L11 5.5v13l-4.3-4H3.5zM17.5 9v6M14.5 12h6" />,
  quieter: <path d="M3.5 9.5h3.2L11 5.5v13l-4.3-4H3.5zM14.5 12h6" />,
  up: <path d="M12 19.5V5M5.5 11.5 12 5l6.5 6.5" />,
  down: <path d="M12 4.5V19M5.5 12.5 12 19l6.5-6.5" />,
  paper: <path d="M6.5 3.5h11v9h-11zM3.5 12.5h17v8h-17zM8 16.5h8" />,
  seat: <path d="M7 3.5v9h9.5v8M7 12.5v8M7 16.5h9.5M7 8h6" />,
  counter: <path d="M3 12.5h18v3H3zM5 15.5v5M19 15.5v5M12 12.5v-4M9.5 5.7a2.5 2.5 0 1 1 5 0 2.5 2.5 0 0 1-5 0Z" />,
  photo: (
    <>
      <path d="M3 7.5h4.5L9 5h6l1.5 2.5H21v12H3z" />
      <circle cx="12" cy="13" r="3.6" />
    </>
  ),
  noContact: (
    <path d="M3 3.5l18 17M8.5 14.5a5 5 0 0 1 7 .3M5.2 11a9.7 9.7 0 0 1 4.3-2.5M18.8 11a9.7 9.7 0 0 0-5-2.7M12 18.7h.1" />
  ),
  moon: <path d="M19.5 14.2A8 8 0 0 1 9.8 4.5 8 8 0 1 0 19.5 14.2Z" />,
  senior: (
    <>
      <circle cx="10.5" cy="4.6" r="2.1" />
      <path d="M10.5 8.5c-2.6 0-3.7 1.7-3.7 4.3V15M10.5 8.5c1.6 0 2.4.9 3 2.4l3.5 1.6M10.5 8.5v5.8l-2.8 6.2M10.5 14.3l3 2.4v3.8M17 12.5v8" />
    </>
  ),
  disability: (
    <>
      <circle cx="10.5" cy="4.3" r="1.9" />
      <path d="M10.5 8v6.2h5.2l2.4 4.9 1.9-.9M10.5 10.8h4.6M8 11.4a5 5 0 1 0 6.6 6.3" />
    </>
  ),
  family: (
    <>
      <circle cx="9" cy="5" r="2.3" />
      <path d="M5 20.5v-5.3L4.3 15V12c0-2 1.6-3 4.7-3 2 0 3.4.7 4.2 2M9.5 20.5v-5M13 20.5v-3.6" />
      <circle cx="16.2" cy="12.4" r="1.8" />
      <path d="M13.6 20.5v-2.6c0-1.5.9-2.3 2.6-2.3s2.6.8 2.6 2.3v2.6" />
    </>
  ),
  erase: <path d="M9 5.5h11.5v13H9L3.5 12zM12 9.5l5 5M17 9.5l-5 5" />,
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6.5" />
      <path d="M15.5 15.5 20.5 20.5" />
    </>
  ),
  calendar: <path d="M4 5.5h16v15H4zM4 10h16M8 3v4.5M16 3v4.5M9 15l2.2 2.2 4-4.2" />,
  plus: <path d="M12 5v14M5 12h14" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  pause: <path d="M8.5 5.5v13M15.5 5.5v13" />,
  diamond: <path d="M12 3.5 20.5 12 12 20.5 3.5 12z" />,
  octagon: <path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v5M12 16.2h.1" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5.2l3.4 2" />
    </>
  ),
  hourglass: <path d="M6.5 3.5h11M6.5 20.5h11M8 3.5v4l4 4.5-4 4.5v4M16 3.5v4L12 12l4 4.5v4" />,
  octagonFull: <path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="currentColor" />,
  microphone: (
    <path d="M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7" />
  ),
  play: <path d="M7 4.5 19 12 7 19.5z" fill="currentColor" />,
  film: <path d="M3.5 5h17v14h-17zM7.5 5v14M16.5 5v14M3.5 9.7h4M3.5 14.3h4M16.5 9.7h4M16.5 14.3h4" />,
  picture: <path d="M3.5 5h17v14h-17zM3.5 16l5-5 4 4 3-3 5 5M15.5 8.8h.1" />,
  circle: <circle cx="12" cy="12" r="7.5" />,
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof SHAPES

/** Icons that point along the line of reading. */
const TURNING: ReadonlySet<IconName> = new Set(['arrow', 'back', 'erase'])

/** The pictogram of a priority class; an unknown one becomes a person. */
export const priorityIcon = (name: string | null): IconName =>
  name !== null && name in SHAPES ? (name as IconName) : 'person'

/** One line drawing in the ink of its surroundings; silent, for words stand beside it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      aria-hidden="true"
      className={TURNING.has(name) ? 'icon turns' : 'icon'}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {SHAPES[name]}
    </svg>
  )
}
