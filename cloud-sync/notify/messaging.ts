import type { Config } from '../config.ts'
import type { Providers } from './provider.ts'
import { createSmtp } from './smtp.ts'
import { createTwilio, type TwilioConfig } from './twilio.ts'

/** How this cloud writes to customers. */
export interface Messaging {
  readonly providers: Providers
  /** By what reports of the provider are signed; null: none are taken. */
  readonly twilio: Pick<TwilioConfig, 'accountSid' | 'authToken'> | null
  /** Where the provider reaches us. */
  readonly publicUrl: string
}

/** Where Twilio tells what became of one message. */
export const statusPath = (tenantId: string, messageId: string): string =>
  `/api/v1/notifications/twilio/${tenantId}/${messageId}`
/** Where Twilio tells what people write to us. */
export const REPLY_PATH = '/api/v1/notifications/twilio/replies'

/** Each channel of which all that it needs is there; the others are not configured. */
export function openMessaging({ twilio, mail }: Pick<Config, 'twilio' | 'mail'>, publicUrl: string): Messaging {
  // Twilio calls nobody back over plain HTTP on this machine but a stand-in, which does.
  const callbackUrl = ({ tenantId, messageId }: { readonly tenantId: string; readonly messageId: string }): string =>
    publicUrl + statusPath(tenantId, messageId)
  return {
    providers: {
      ...(twilio !== null && { sms: createTwilio(twilio, { callbackUrl }) }),
      ...(mail !== null && { email: createSmtp(mail) }),
    },
    twilio,
    publicUrl,
  }
}
