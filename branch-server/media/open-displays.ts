import { join } from 'node:path'
import type { Clocks } from '#shared/domain/clock.ts'
import type { Roster } from '../access/roster.ts'
import type { Parts } from '../parts.ts'
import { createDisplayBook } from './display-book.ts'
import { openMediaShelf } from './media-shelf.ts'
import { openProgrammes, PROGRAMMES_NAME } from './programmes.ts'

/** What displays play lies beside the database. */
const MEDIA_NAME = 'media'

/** The files for the displays, and what each of them can play. @throws Error of the file system */
export const openDisplays = (
  folder: string,
  roster: Roster,
  clocks: Clocks,
): Pick<Parts, 'media' | 'displayMedia' | 'programmes'> => ({
  media: openMediaShelf(join(folder, MEDIA_NAME)),
  displayMedia: createDisplayBook(roster, clocks),
  programmes: openProgrammes(join(folder, MEDIA_NAME, PROGRAMMES_NAME)),
})
