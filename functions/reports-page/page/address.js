// What the page shows is in its address, so that it can be linked to, also from mails: `?report=agents&from=...&to=...&timezone=...`.
// Never in it: anything that lets somebody in.

import { CHOICES } from './periods.js'
import { isZone, ownZone } from './zones.js'

/**
 * @typedef {object} Place
 * @property {string} report The name of a report, or `on-demand`.
 * @property {import('./periods.js').Choice | null} choice One of the periods that are offered; null where there is a window.
 * @property {string | null} from RFC 3339.
 * @property {string | null} to RFC 3339.
 * @property {string} zone
 * @property {string | null} tenant Another tenant than the visitor's own.
 * @property {string | null} id An on-demand report.
 */

export const ON_DEMAND = 'on-demand'

/**
 * What an address asks for; what it does not say, or says wrongly, is the default.
 * @param {string} search
 * @param {string[]} reports The names of the reports, the default first.
 * @returns {Place}
 */
export function read(search, reports) {
  const query = new URLSearchParams(search)
  const [report, period, zone] = [query.get('report'), query.get('period'), query.get('timezone')]
  const [from, to] = [instant(query.get('from')), instant(query.get('to'))]
  const hasWindow = from !== null && to !== null
  return {
    report: report === ON_DEMAND || reports.includes(report ?? '') ? /** @type {string} */ (report) : reports[0],
    choice: hasWindow ? null : period !== null && period in CHOICES ? /** @type {any} */ (period) : '30d',
    from: hasWindow ? from : null,
    to: hasWindow ? to : null,
    zone: zone !== null && isZone(zone) ? zone : ownZone(),
    tenant: query.get('tenant_id'),
    id: query.get('id')
  }
}

/** The address of a place, relative to the page. @param {Place} place */
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

/** @param {string | null} text */
function instant(text) {
  return text !== null && !Number.isNaN(Date.parse(text)) ? text : null
}
