import { LANGUAGES, type Language } from '#shared/domain/ids.ts'

/** How a page of the sign-in is answered, whoever answers it. Pure: values in, values out. */

const isLanguage = (it: string): it is Language => (LANGUAGES as readonly string[]).includes(it)

/** @param wishes - the application's first, then the browser's, each as in `Accept-Language` or `ui_locales` */
export const languageOfWishes = (...wishes: readonly unknown[]): Language =>
  wishes
    .flatMap((wish) => (typeof wish === 'string' ? wish.split(/[\s,]+/) : []))
    .map((it) => it.slice(0, 2).toLowerCase())
    .find(isLanguage) ?? 'fr'

/** @param leadsTo - the site to which what is sent from the page leads in the end: browsers hold that, too, to the policy */
export const pageHeaders = (leadsTo = ''): Readonly<Record<string, string>> => ({
  'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self' ${leadsTo}; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  // Not none: a browser would then hide from us, too, that the form is ours.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
})

export const originOf = (address: unknown): string =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : ''
