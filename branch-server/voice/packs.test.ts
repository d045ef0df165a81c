import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PLAIN_FORM } from '#shared/voice/voice-form.ts'
import { openPacks } from './packs.ts'

const silent = pino({ level: 'silent' })
const CLIP = { clipId: 'n-1', hash: 'a'.repeat(64), ms: 600 }
const WOLOF = { tag: 'wo', name: 'Wolof', form: PLAIN_FORM, clips: [CLIP] }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smartqueue-packs-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function lay(tag: string, text: string): void {
  mkdirSync(join(folder, tag))
  writeFileSync(join(folder, tag, 'pack.json'), text)
}

test('a voice of the wrong shape, as a stick may bring it, is passed over: the others are there, and the branch starts', () => {
  lay('wo', JSON.stringify(WOLOF))
  const wrong: Readonly<Record<string, unknown>> = {
    aa: null,
    bb: {},
    cc: [],
    // Its sounds would be looked for in another place.
    dd: { ...WOLOF, tag: '../../..' },
    ee: { ...WOLOF, tag: 'wo' },
    ff: { ...WOLOF, tag: 'ff', form: { ...PLAIN_FORM, order: ['middle'] } },
    gg: { ...WOLOF, tag: 'gg', form: { ...PLAIN_FORM, numerals: 'roman' } },
    hh: { ...WOLOF, tag: 'hh', clips: 'all' },
    ii: { ...WOLOF, tag: 'ii', clips: [{ ...CLIP, clipId: '../n-1' }] },
    jj: { ...WOLOF, tag: 'jj', clips: [{ ...CLIP, hash: null }] },
    kk: { ...WOLOF, tag: 'kk', name: 7 },
  }
  for (const [tag, pack] of Object.entries(wrong)) lay(tag, JSON.stringify(pack))
  lay('ll', '{"tag":"ll","na')
  writeFileSync(join(folder, 'lost+found'), '')

  const packs = openPacks(folder, silent)

  expect(packs.all().map(({ tag }) => tag)).toEqual(['wo'])
  expect(packs.version()).toMatch(/^[0-9a-f]{16}$/)
  // What lies under a name is made anew by whoever records it.
  expect(packs.set('aa', { name: 'Afar' })).toMatchObject({ tag: 'aa', clips: [] })
})
