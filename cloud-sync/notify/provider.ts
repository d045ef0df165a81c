import type { MessageChannel } from '#shared/wire/messages.ts'

export type Channel = MessageChannel

/** What a provider is given: words for one person. */
export interface Outgoing {
  readonly tenantId: string
  readonly messageId: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
}

/** What is known of a try. Whatever is not known to have been refused may have been taken. */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly providerId: string }
  /** It was not taken, and never will be. */
  | { readonly kind: 'refused'; readonly reason: string; readonly hasStopped?: boolean }
  /** It was not taken, and may be tried again. */
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs?: number; readonly isAway?: boolean }
  /** Nobody can say: the request had left, and no answer came that says what became of it. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** What a provider says that it has taken for a recipient. */
export interface Taken {
  readonly providerId: string
  readonly body: string
}

/** One way out. Adapters are thin: they say what is known, and decide nothing. */
export interface Provider {
  readonly name: string
  readonly channel: Channel
  /** Never throws. */
  send(message: Outgoing): Promise<SendOutcome>
  /**
   * What it has taken for this recipient since then. null: it cannot be asked just now; left out: it never can.
   * Never throws.
   */
  readonly takenSince?: (message: Outgoing, sinceMs: number) => Promise<readonly Taken[] | null>
}

/** The ways out of this cloud; a channel that is not here is not configured. */
export type Providers = Readonly<Partial<Record<Channel, Provider>>>
