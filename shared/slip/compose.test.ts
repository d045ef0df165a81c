import { describe, expect, test } from 'vitest'
import { composeSlip, directionOf, wrapText } from './compose.ts'
import { type PrinterProfile, profileNamed } from './profile.ts'
import type { Slip, SlipContent, SlipLine } from './slip.ts'

const NAMES = {
  fr: { branchName: 'Agence du Plateau', serviceName: 'Ouverture de compte' },
  en: { branchName: 'Plateau branch', serviceName: 'Account opening' },
  ar: { branchName: 'فرع الهضبة', serviceName: 'فتح حساب جديد' },
}

function content(language: SlipContent['language'], change: Partial<SlipContent> = {}): SlipContent {
  return {
    ...NAMES[language],
    number: 'A042',
    language,
    issuedAtMs: Date.UTC(2026, 10, 23, 10, 42),
    timezone: 'Africa/Dakar',
    aheadCount: 7,
    wait: { form: 'between', lowMinutes: 10, highMinutes: 20 },
    thenNames: [],
    offline: false,
    copyNumber: 1,
    qrData: 'https://q.example.sn/t/7F3K9Q2M',
    ...change,
  }
}

function readableLine(line: SlipLine, columnCount: number): string {
  switch (line.type) {
    case 'text': {
      const marks = [line.size, line.weight, line.align, line.direction, line.ground]
      const usual = ['normal', 'regular', 'left', 'ltr', 'paper']
      const unusual = marks.filter((mark, index) => mark !== usual[index]).join(' ')
      return unusual === '' ? line.text : `${line.text}   [${unusual}]`
    }
    case 'rule':
      return '─'.repeat(columnCount)
    case 'qr':
      return `[QR ${line.data}]`
    case 'feed':
      return '\n'.repeat(line.lineCount - 1)
    case 'cut':
      return '✂'
  }
}

function readable(slip: Slip, profile: PrinterProfile): string {
  return `\n${slip.lines.map((line) => readableLine(line, profile.columnCount)).join('\n')}\n`
}

function texts(slip: Slip): string {
  return slip.lines.flatMap((line) => (line.type === 'text' ? [line.text] : [])).join('\n')
}

describe('the slip', () => {
  for (const language of ['fr', 'en', 'ar'] as const) {
    for (const name of ['paper-80', 'paper-58'] as const) {
      const profile = profileNamed(name)
      test(`reads well in ${language} on ${profile.paperMm} mm`, () => {
        expect(readable(composeSlip(content(language), profile), profile)).toMatchSnapshot()
      })
      test(`says calmly in ${language} on ${profile.paperMm} mm that it is a copy printed offline`, () => {
        const slip = composeSlip(content(language, { offline: true, copyNumber: 3, aheadCount: null }), profile)
        expect(readable(slip, profile)).toMatchSnapshot()
      })
    }
  }

  test('never has a line wider than the paper, whatever the names', () => {
    const longNames = {
      branchName: 'Centre hospitalier national universitaire de Fann — pavillon des consultations externes',
      serviceName: 'Otorhinolaryngologiepneumologiecardiologie et prélèvements',
    }
    for (const name of ['paper-80', 'paper-58'] as const) {
      const profile = profileNamed(name)
      for (const line of composeSlip(content('fr', longNames), profile).lines) {
        if (line.type !== 'text' || line.size === 'huge') continue
        const columnCount = Array.from(line.text).length * (line.size === 'large' ? 2 : 1)
        expect(columnCount).toBeLessThanOrEqual(profile.columnCount)
      }
    }
  })

  test('cuts once, at its end', () => {
    const types = composeSlip(content('fr'), profileNamed('paper-80')).lines.map((line) => line.type)
    expect(types.filter((type) => type === 'cut')).toHaveLength(1)
    expect(types.at(-1)).toBe('cut')
  })

  test('marks a copy and not an original', () => {
    const profile = profileNamed('paper-80')
    expect(texts(composeSlip(content('fr'), profile))).not.toContain('COPIE')
    expect(texts(composeSlip(content('fr', { copyNumber: 2 }), profile))).toMatch(/^COPIE 2\n/)
  })

  test('tells how long the wait will be as each language says it, and nothing when nobody can tell', () => {
    const profile = profileNamed('paper-80')
    const said = (language: SlipContent['language'], wait: SlipContent['wait']) =>
      texts(composeSlip(content(language, { wait }), profile))
    expect(said('fr', { form: 'under', minutes: 5 })).toContain('Attente : moins de 5 min')
    expect(said('en', { form: 'about', minutes: 12 })).toContain('Expected wait: about 12 min')
    expect(said('ar', { form: 'under', minutes: 5 })).toContain('أقل من 5 دقائق')
    expect(said('ar', { form: 'between', lowMinutes: 10, highMinutes: 20 })).toContain('من 10 إلى 20 دقيقة')
    expect(said('fr', null)).not.toContain('Attente')
    expect(texts(composeSlip(content('fr', { copyNumber: 2 }), profile))).not.toContain('Attente')
  })

  for (const language of ['fr', 'en', 'ar'] as const)
    test(`names in ${language} the services that follow under the same number`, () => {
      const thenNames = { fr: ['Cartes', 'Caisse'], en: ['Cards', 'Cash'], ar: ['البطاقات', 'الصندوق'] }[language]
      const profile = profileNamed('paper-58')
      expect(readable(composeSlip(content(language, { thenNames }), profile), profile)).toMatchSnapshot()
    })

  test('promises nothing when nobody knows how many wait', () => {
    expect(texts(composeSlip(content('fr', { aheadCount: null }), profileNamed('paper-80')))).not.toContain(
      'avant vous',
    )
  })

  test('has no QR code, and does not ask to scan one, when there is nothing to follow', () => {
    const slip = composeSlip(content('en', { qrData: null }), profileNamed('paper-80'))
    expect(slip.lines.some((line) => line.type === 'qr')).toBe(false)
    expect(texts(slip)).not.toContain('Scan')
  })

  test('shows the time of the branch, not of the machine', () => {
    const slip = composeSlip(content('en', { timezone: 'Africa/Tunis' }), profileNamed('paper-80'))
    expect(texts(slip)).toContain('23 November 2026 at 11:42')
  })

  test('is not broken by a name with line breaks or printer commands in it', () => {
    const slip = composeSlip(content('fr', { serviceName: 'Caisse\u001b@\nrapide\u202e' }), profileNamed('paper-80'))
    expect(texts(slip)).toContain('Caisse @ rapide')
  })

  test('escapes what a QR code counted in bytes could not hold', () => {
    const slip = composeSlip(content('fr', { qrData: 'https://q.sn/é' }), profileNamed('paper-80'))
    expect(slip.lines).toContainEqual({ type: 'qr', data: 'https://q.sn/%C3%A9' })
  })
})

test('A text runs in the direction of its first letter', () => {
  expect(directionOf('12 – فرع', 'ltr')).toBe('rtl')
  expect(directionOf('Agence فرع', 'rtl')).toBe('ltr')
  expect(directionOf('042', 'rtl')).toBe('rtl')
})

test('Words that fit stay whole, words that do not are broken, nothing is lost', () => {
  expect(wrapText('un deux trois', 7)).toEqual(['un deux', 'trois'])
  expect(wrapText('anticonstitutionnellement oui', 10)).toEqual(['anticonsti', 'tutionnell', 'ement oui'])
  expect(wrapText('  ', 10)).toEqual([])
})
