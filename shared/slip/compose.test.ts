import { describe, expect, test } from 'vitest'
import { SLIP_PARTS } from '../domain/catalogue.ts'
import { composeSlip, directionOf, wrapText } from './compose.ts'
import { type PrinterProfile, profileNamed } from './profile.ts'
import { PLAIN_SLIP, type Slip, type SlipContent, type SlipLine } from './slip.ts'

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
    ...PLAIN_SLIP,
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
    case 'logo':
      return '[logo]'
    case 'sign':
      return `[sign ${line.sign.pictogram} ${line.sign.colour}]`
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

  test('shows the logo and the sign of its service above its name, and neither where there is none', () => {
    const profile = profileNamed('paper-80')
    const sign = { pictogram: 'cash', colour: 'blue' } as const
    const slip = composeSlip(content('fr', { sign }), profile, 'data:image/png;base64,AA==')
    expect(slip.lines.map(({ type }) => type).slice(0, 7)).toEqual([
      ...['logo', 'feed', 'text', 'rule', 'sign', 'feed', 'text'],
    ])
    expect(slip.lines.find(({ type }) => type === 'sign')).toEqual({ type: 'sign', sign })
    const plain = composeSlip(content('fr'), profile).lines.map(({ type }) => type)
    expect(plain).not.toContain('logo')
    expect(plain).not.toContain('sign')
  })

  for (const language of ['fr', 'ar'] as const)
    test(`says in ${language} and then in English what the branch tells everybody`, () => {
      const message = { fr: 'Munissez-vous de votre pièce d’identité.', ar: 'يرجى إحضار بطاقة الهوية.' }[language]
      const further = [
        { language: 'en', serviceName: 'Account opening', message: 'Please have your ID ready.' },
      ] as const
      const sign = { pictogram: 'account', colour: null } as const
      const profile = profileNamed('paper-80')
      const slip = composeSlip(content(language, { message, further, sign }), profile, 'data:image/png;base64,AA==')
      expect(readable(slip, profile)).toMatchSnapshot()
    })

  test('leaves out what the branch does not want, never the number', () => {
    const profile = profileNamed('paper-80')
    const slip = composeSlip(
      content('fr', { parts: [], sign: { pictogram: 'cash', colour: null }, message: 'Non' }),
      profile,
      'data:',
    )
    expect(texts(slip)).toBe('Votre numéro\nA042\nGardez ce ticket jusqu’à votre passage.\nA042')
    expect(slip.lines.map(({ type }) => type)).toEqual(['text', 'text', 'rule', 'text', 'text', 'feed', 'cut'])
    for (const part of SLIP_PARTS.filter((it) => it !== 'logo' && it !== 'sign' && it !== 'qr'))
      expect([
        part,
        texts(composeSlip(content('fr', { parts: [part], message: 'Oui' }), profile)).split('\n').length,
      ]).toEqual([part, 5])
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
