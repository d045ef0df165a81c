import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { alerts } from '#shared/words/alerts.ts'
import { formatTime } from '#shared/words/format.ts'
import { headOfficeMail } from '#shared/words/head-office-mail.ts'
import { sayAlertKind, sayAlertValue } from '#shared/words/say-alert.ts'
import { createSpeaker } from '#shared/words/speaker.ts'
import type { Mail } from '../mail/mailer.ts'
import type { Told } from './evaluate.ts'

export const sayHeadOffice = createSpeaker({
  fr: { ...alerts.fr, ...headOfficeMail.fr },
  en: { ...alerts.en, ...headOfficeMail.en },
  ar: { ...alerts.ar, ...headOfficeMail.ar },
})

/** As somebody chose it once; what is no language of ours is French. */
export const languageNamed = (name: string): Language => LANGUAGES.find((it) => it === name) ?? 'fr'

/** What a branch and its parts are called, and what its clock shows. */
export interface Naming {
  readonly timeZone: string
  readonly branchName: (language: Language) => string
  /** A queue's name, a date, or a device as its kind alone; '' for the branch itself. */
  readonly subjectName: (told: Told, language: Language) => string
}

interface Recipient {
  readonly to: string
  readonly language: Language
  readonly told: readonly Told[]
}

/** One mail for each who is to be told, however much there is: when a line fails, many branches are lost at once. */
function recipientsOf(told: readonly Told[]): readonly Recipient[] {
  const byKey = new Map<string, Recipient>()
  for (const one of told)
    for (const to of one.emails) {
      const language = languageNamed(one.language)
      const key = `${language} ${to}`
      byKey.set(key, { to, language, told: [...(byKey.get(key)?.told ?? []), one] })
    }
  return [...byKey.values()]
}

/** Lines of one mail; the page that it names has them all. */
const LINES_MAX = 50

/** @param link - of the page of alerts */
export function alertMails(
  told: readonly Told[],
  namingOf: (branchId: string) => Naming,
  link: string | null,
): readonly Mail[] {
  return recipientsOf(told).map(({ to, language, told: of }) => {
    const { say } = sayHeadOffice(language)
    const lines = of.slice(0, LINES_MAX).map((one) => {
      const { branchName, subjectName, timeZone } = namingOf(one.branchId)
      const subject = subjectName(one, language)
      const texts = { raised: say('alert.raised'), repeated: say('alert.repeated'), resolved: say('alert.resolved') }
      return say('mail.alertLine', {
        ...{ news: texts[one.news], branch: branchName(language) },
        what: [sayAlertKind(say, one.kind), subject].filter((it) => it !== '').join(' — '),
        value: sayAlertValue(say, one.kind, one.value),
        threshold: sayAlertValue(say, one.kind, one.threshold),
        since: formatTime(one.beganAtMs, language, timeZone),
      })
    })
    const names = [...new Set(of.map(({ branchId }) => namingOf(branchId).branchName(language)))]
    const branch = names.length === 1 ? (names[0] ?? '') : `${names[0]} +${names.length - 1}`
    return {
      to,
      subject: say('mail.alertSubject', { count: of.length, branch }),
      text: [...lines, '', ...(link === null ? [] : [say('mail.alertEnd'), link])].join('\n'),
    }
  })
}
