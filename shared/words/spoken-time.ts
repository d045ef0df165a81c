import type { Language } from '../domain/ids.ts'

const TENS_FR: { readonly [ten: number]: string } = { 20: 'vingt', 30: 'trente', 40: 'quarante', 50: 'cinquante' }

/** Hours and minutes are feminine: a voice that is given figures says `vingt et un heures`. */
function feminineFr(count: number): string {
  if (count === 1) return 'une'
  const tens = TENS_FR[count - 1]
  return tens === undefined ? String(count) : `${tens} et une`
}

const HOURS_AR = [
  ...['الثانية عشرة', 'الواحدة', 'الثانية', 'الثالثة', 'الرابعة', 'الخامسة'],
  ...['السادسة', 'السابعة', 'الثامنة', 'التاسعة', 'العاشرة', 'الحادية عشرة'],
]

function partOfDayAr(hour: number): string {
  if (hour < 12) return 'صباحًا'
  if (hour < 15) return 'ظهرًا'
  return hour < 18 ? 'عصرًا' : 'مساءً'
}

function minutesAr(count: number): string {
  if (count === 1) return 'دقيقة'
  if (count === 2) return 'دقيقتان'
  return `${count} ${count >= 3 && count <= 10 ? 'دقائق' : 'دقيقة'}`
}

function timeEn(hour: number, minute: number): string {
  if (minute === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'noon'
  const minutes = minute === 0 ? '' : minute < 10 ? ` oh ${minute}` : ` ${minute}`
  return `${hour % 12 || 12}${minutes} ${hour < 12 ? 'a.m.' : 'p.m.'}`
}

function timeFr(hour: number, minute: number): string {
  const hours = `${hour === 0 ? 'zéro' : feminineFr(hour)} heure${hour > 1 ? 's' : ''}`
  return minute === 0 ? hours : `${hours} ${feminineFr(minute)}`
}

function timeAr(hour: number, minute: number): string {
  const minutes = minute === 0 ? '' : ` و${minutesAr(minute)}`
  return `${HOURS_AR[hour % 12]}${minutes} ${partOfDayAr(hour)}`
}

/** A time of day as it is said aloud. @param hour - 0 … 23 */
export function spokenTime(hour: number, minute: number, language: Language): string {
  return { fr: timeFr, en: timeEn, ar: timeAr }[language](hour, minute)
}

/** So many minutes as they are said aloud. @param count - null: a number that stands elsewhere */
export function spokenMinutes(count: number | null, language: Language): string {
  if (language === 'ar') return count === null ? 'دقيقة' : minutesAr(count)
  const word = count !== null && count <= 1 ? 'minute' : 'minutes'
  if (count === null) return word
  if (language === 'fr') return `${feminineFr(count)} ${word}`
  return `${count} ${count === 0 ? 'minutes' : word}`
}
