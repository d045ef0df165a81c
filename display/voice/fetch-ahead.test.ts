import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PLAIN_FORM } from '#shared/voice/voice-form.ts'
import { type FetchParts, fetchAhead } from './fetch-ahead.ts'

const KNOWN = {
  version: 'one',
  packs: [{ tag: 'wo', name: 'Wolof', form: PLAIN_FORM, clips: [], isPublished: true, missing: ['n-1'] }],
}

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-ahead-'))
  file = join(folder, 'packs.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A display whose branch says of its voices what it is told to. */
function ahead(said: unknown) {
  const host = {
    ask: () => Promise.resolve({ status: 200, body: JSON.stringify(said) }),
    onNews: () => () => undefined,
    pairing: () => null,
    status: () => ({ link: 'up' }),
    store: { seen: () => null },
  } as unknown as FetchParts['host']
  const shelf = { get: () => Promise.resolve(null), put: () => Promise.resolve(), has: () => true }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  return fetchAhead({ host, shelf: shelf as unknown as FetchParts['shelf'], file, log: log as FetchParts['log'] })
}

test('a display whose list of voices is damaged on its disk asks the branch for it, and keeps it for a cold boot', async () => {
  for (const damaged of ['null', '[]', '{"version":"one"}', '{"version":"one","packs":[null]}', '{"vers', '']) {
    writeFileSync(file, damaged)
    const voices = ahead(KNOWN)
    expect(await voices.packs(), damaged).toEqual({ version: '', packs: [] })
    expect(await voices.packs('one'), damaged).toEqual(KNOWN)
    expect(JSON.parse(readFileSync(file, 'utf8')), damaged).toEqual(KNOWN)
    voices.close()
  }
})

test('what is no list of voices takes the place of none', async () => {
  writeFileSync(file, JSON.stringify(KNOWN))
  for (const wrong of [
    null,
    {},
    { version: 'two', packs: {} },
    { version: 2, packs: [] },
    { version: 'two', packs: [{}] },
  ]) {
    const voices = ahead(wrong)
    expect(await voices.packs('two')).toEqual(KNOWN)
    voices.close()
  }
})
