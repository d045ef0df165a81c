import type { Language } from '../domain/ids.ts'

/** How the numbers that calls are put together of are said one by one, for whoever records them. */

const FR = 'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(' ')
const EN =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const AR =
  'صفر|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة|أحد عشر|اثنا عشر|ثلاثة عشر|أربعة عشر|خمسة عشر|ستة عشر|سبعة عشر|ثمانية عشر|تسعة عشر'.split(
    '|',
  )

const FURTHER: Record<Language, Readonly<Record<number, string>>> = {
  fr: {
    ...{ 17: 'dix-sept', 18: 'dix-huit', 19: 'dix-neuf', 20: 'vingt', 30: 'trente', 40: 'quarante' },
    ...{
      50: 'cinquante',
      60: 'soixante',
      70: 'soixante-dix',
      80: 'quatre-vingts',
      90: 'quatre-vingt-dix',
      100: 'cent',
    },
  },
  en: {
    ...{ 20: 'twenty', 30: 'thirty', 40: 'forty', 50: 'fifty', 60: 'sixty', 70: 'seventy', 80: 'eighty' },
    ...{ 90: 'ninety', 100: 'one hundred' },
  },
  ar: {
    ...{ 20: 'عشرون', 30: 'ثلاثون', 40: 'أربعون', 50: 'خمسون', 60: 'ستون', 70: 'سبعون', 80: 'ثمانون', 90: 'تسعون' },
    ...{ 100: 'مئة', 200: 'مئتان', 300: 'ثلاثمئة', 400: 'أربعمئة', 500: 'خمسمئة', 600: 'ستمئة', 700: 'سبعمئة' },
    ...{ 800: 'ثمانمئة', 900: 'تسعمئة' },
  },
}

const FIRST: Record<Language, readonly string[]> = { fr: FR, en: EN, ar: AR }

/** @returns the figures themselves where nobody has written the word down */
export const numberWord = (number: number, language: Language): string =>
  FIRST[language][number] ?? FURTHER[language][number] ?? String(number)
