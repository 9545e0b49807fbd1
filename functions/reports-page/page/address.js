// What the page shows is in its address, so that it can be linked to, also from mails: `?report=agents&from=...&to=...&timezone=...`.
// Never in it: anything that lets somebody in.

import { CHOICES } from './periods.js'
import { knownZone, ownZone } from './zones.js'

/**
 * @typedef {object} Place
 * @property {string} report The name of a report, or `on-demand`.
 * @property {import('./periods.js').Choice | null} choice One of the periods that are offered; null where there is a window.
 * @property {string | null} from RFC 3339.
 * @property {string | null} to RFC 3339.
 * @property {string} zone
 * @property {string | null} tenant Another tenant than the visitor's own.
 * @property {string | null} id An on-demand report.
 * @property {boolean} isUnreadable Whether the address has a period that is none: nothing is shown then, rather than another one.
 */

export const ON_DEMAND = 'on-demand'

/**
 * What an address asks for; what it does not say is the default.
 * @param {string} search
 * @param {string[]} reports The names of the reports, the default first.
 * @returns {Place}
 */
export function read(search, reports) {
  const query = new URLSearchParams(search)
  const [report, period, zone, id] = ['report', 'period', 'timezone', 'id'].map(name => query.get(name))
  const [from, to] = [instant(query.get('from')), instant(query.get('to'))]
  const hasWindow = query.has('from') || query.has('to')
  const isWindow = from !== null && to !== null && Date.parse(from) < Date.parse(to)
  const isChoice = period !== null && Object.hasOwn(CHOICES, period)
  return {
    report: report === ON_DEMAND || reports.includes(report ?? '') ? /** @type {string} */ (report) : reports[0],
    choice: hasWindow ? null : isChoice ? /** @type {any} */ (period) : '30d',
    from: isWindow ? from : null,
    to: isWindow ? to : null,
    zone: (zone && knownZone(zone)) ?? ownZone(),
    tenant: query.get('tenant_id') || null,
    id: id !== null && /^rpt_[0-9A-Za-z]{16}$/.test(id) ? id : null,
    isUnreadable: hasWindow ? !isWindow : period !== null && !isChoice
  }
}

/** The address of a place, relative to the page. @param {Omit<Place, 'isUnreadable'>} place */
export function written({ report, choice, from, to, zone, tenant, id }) {
  const query = new URLSearchParams({ report })
  if (choice) query.set('period', choice)
  if (from && to) {
    query.set('from', from)
    query.set('to', to)
  }
  query.set('timezone', zone)
  if (tenant) query.set('tenant_id', tenant)
  if (id) query.set('id', id)
  return `?${query}`
}

/** RFC 3339, of a year that calendars are used to. A plus that nobody encoded is a space here. @param {string | null} text */
function instant(text) {
  const at = text?.replace(' ', '+') ?? ''
  const isInstant = /^2\d{3}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i.test(at)
  return isInstant && !Number.isNaN(Date.parse(at)) ? at : null
}
