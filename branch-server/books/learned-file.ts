import { existsSync, readFileSync, rmSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyLearned, type Learned, learnedFrom } from '#shared/wait/learned.ts'
import type { Log } from '../log.ts'

const NAME = 'learned-waits.json'
const KEEP_MS = 60_000

/**
 * What the branch has learned about waiting, kept beside the database. It is no truth of the branch: without the file,
 * or with one that cannot be read, the branch learns anew and tells no waits until it knows enough.
 */
export interface LearnedFile {
  readonly learned: Learned
  /** Writes the last of it. */
  close(): Promise<void>
}

function read(file: string, log: Log): Learned | null {
  try {
    return learnedFrom(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isNew) return null
    log.warn({ err: error }, 'what was learned of waits cannot be read; what was kept before it takes its place')
    // So that it is not kept in the place of the sound one.
    rmSync(file, { force: true })
    return null
  }
}

export function openLearned(folder: string, log: Log): LearnedFile {
  const file = join(folder, NAME)
  const older = `${file}.old`
  const learned = read(file, log) ?? read(older, log) ?? emptyLearned()
  let writing: Promise<void> = Promise.resolve()
  const write = async (flush: boolean): Promise<void> => {
    try {
      // Not flushed while people come: a flush would cost somebody's tap. A power cut may then leave the file empty,
      // and costs some minutes of learning: the one before has long been on the disk by itself.
      await writeFile(`${file}.new`, JSON.stringify(learned), { mode: 0o600, flush })
      if (existsSync(file)) await rename(file, older)
      await rename(`${file}.new`, file)
    } catch (error) {
      log.warn({ err: error }, 'what was learned of waits could not be kept')
    }
  }
  const keep = (flush: boolean): Promise<void> => {
    writing = writing.then(() => write(flush))
    return writing
  }
  const timer = setInterval(() => void keep(false), KEEP_MS).unref()
  return {
    learned,
    async close() {
      clearInterval(timer)
      await keep(true)
    },
  }
}
