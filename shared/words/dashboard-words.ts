import { alerts } from './alerts.ts'
import { dashboard } from './dashboard.ts'
import { dashboardAlerts } from './dashboard-alerts.ts'
import { dashboardDraft } from './dashboard-draft.ts'
import { dashboardLive } from './dashboard-live.ts'
import { dashboardSetup } from './dashboard-setup.ts'
import { createSpeaker, type KeyOf, type Words } from './speaker.ts'

/** Every text of the dashboard, by language: a page of its own, which carries none of the faces'. */
export const DASHBOARD_TEXTS = {
  fr: {
    ...alerts.fr,
    ...dashboardLive.fr,
    ...dashboardAlerts.fr,
    ...dashboard.fr,
    ...dashboardSetup.fr,
    ...dashboardDraft.fr,
  },
  en: {
    ...alerts.en,
    ...dashboardLive.en,
    ...dashboardAlerts.en,
    ...dashboard.en,
    ...dashboardSetup.en,
    ...dashboardDraft.en,
  },
  ar: {
    ...alerts.ar,
    ...dashboardLive.ar,
    ...dashboardAlerts.ar,
    ...dashboard.ar,
    ...dashboardSetup.ar,
    ...dashboardDraft.ar,
  },
} as const

export type DashboardKey = KeyOf<typeof DASHBOARD_TEXTS>
export type DashboardWords = Words<DashboardKey>

export const createDashboardWords = createSpeaker(DASHBOARD_TEXTS)
