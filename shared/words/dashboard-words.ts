import { alerts } from './alerts.ts'
import { dashboard } from './dashboard.ts'
import { dashboardAlerts } from './dashboard-alerts.ts'
import { dashboardDraft } from './dashboard-draft.ts'
import { dashboardForms } from './dashboard-forms.ts'
import { dashboardLive } from './dashboard-live.ts'
import { dashboardOffice } from './dashboard-office.ts'
import { dashboardOrders } from './dashboard-orders.ts'
import { dashboardPaper } from './dashboard-paper.ts'
import { dashboardPeople } from './dashboard-people.ts'
import { dashboardReports } from './dashboard-reports.ts'
import { dashboardSetup } from './dashboard-setup.ts'
import { createSpeaker, type KeyOf, type Words } from './speaker.ts'

/** Every text of the dashboard, by language: a page of its own, which carries none of the faces'. */
export const DASHBOARD_TEXTS = {
  fr: {
    ...alerts.fr,
    ...dashboard.fr,
    ...dashboardAlerts.fr,
    ...dashboardDraft.fr,
    ...dashboardForms.fr,
    ...dashboardLive.fr,
    ...dashboardOffice.fr,
    ...dashboardOrders.fr,
    ...dashboardPaper.fr,
    ...dashboardPeople.fr,
    ...dashboardReports.fr,
    ...dashboardSetup.fr,
  },
  en: {
    ...alerts.en,
    ...dashboard.en,
    ...dashboardAlerts.en,
    ...dashboardDraft.en,
    ...dashboardForms.en,
    ...dashboardLive.en,
    ...dashboardOffice.en,
    ...dashboardOrders.en,
    ...dashboardPaper.en,
    ...dashboardPeople.en,
    ...dashboardReports.en,
    ...dashboardSetup.en,
  },
  ar: {
    ...alerts.ar,
    ...dashboard.ar,
    ...dashboardAlerts.ar,
    ...dashboardDraft.ar,
    ...dashboardForms.ar,
    ...dashboardLive.ar,
    ...dashboardOffice.ar,
    ...dashboardOrders.ar,
    ...dashboardPaper.ar,
    ...dashboardPeople.ar,
    ...dashboardReports.ar,
    ...dashboardSetup.ar,
  },
} as const

export type DashboardKey = KeyOf<typeof DASHBOARD_TEXTS>
export type DashboardWords = Words<DashboardKey>

export const createDashboardWords = createSpeaker(DASHBOARD_TEXTS)
