import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Language } from '#shared/domain/ids.ts'
import { languageOfWishes, originOf, pageHeaders } from '../pages/page-answer.ts'
import { errorPage, signOutPage, wordPage } from '../pages/sign-in-page.ts'

/** The pages that the library shows by itself, in our words. */

const languageFor = (ctx: KoaContextWithOIDC): Language =>
  languageOfWishes(ctx.oidc?.params?.['ui_locales'], ctx.get('accept-language'))

function answer(ctx: KoaContextWithOIDC, page: string, leadsTo = ''): void {
  ctx.set(pageHeaders(leadsTo))
  ctx.type = 'html'
  ctx.body = page
}

export const renderError: NonNullable<Configuration['renderError']> = (ctx, { error, error_description: told }) =>
  answer(ctx, errorPage(languageFor(ctx), [error, told].filter((it) => it !== undefined).join(': ')))

export const signOutPages = {
  logoutSource(ctx: KoaContextWithOIDC, form: string): void {
    const back = originOf(ctx.oidc.session?.state?.['postLogoutRedirectUri'])
    answer(ctx, signOutPage(languageFor(ctx), form), back)
  },
  postLogoutSuccessSource: (ctx: KoaContextWithOIDC): void =>
    answer(ctx, wordPage(languageFor(ctx), 'signedOut', null)),
}
