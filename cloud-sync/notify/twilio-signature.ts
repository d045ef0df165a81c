import { createHmac, timingSafeEqual } from 'node:crypto'

/** What Twilio signs: the whole address that it was given, then the form's names and values in the order of the names. */
export function twilioSignature(authToken: string, url: string, form: Readonly<Record<string, string>>): string {
  const told = Object.keys(form)
    .toSorted()
    .map((name) => name + form[name])
    .join('')
  return createHmac('sha1', authToken)
    .update(url + told)
    .digest('base64')
}

/** @param url - as it was given to the provider, whatever a proxy has made of it */
export function isSignedByTwilio(
  { authToken, url, form }: { readonly authToken: string; readonly url: string; readonly form: Record<string, string> },
  signature: unknown,
): boolean {
  if (typeof signature !== 'string') return false
  const [ours, theirs] = [Buffer.from(twilioSignature(authToken, url, form)), Buffer.from(signature)]
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
