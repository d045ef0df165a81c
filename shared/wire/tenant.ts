/** What a page says of where somebody is, and where else she may go. */
export interface TenantHere {
  readonly slug: string
  readonly name: Readonly<Record<string, string>>
  /** Whoever asks works in another tenant, too. */
  readonly hasOtherPlaces: boolean
  /** Whoever asks runs the cloud itself. */
  readonly runsPlatform: boolean
}
