// On-demand reports: what was ordered, how far it is, and its file.

import * as api from './api.js'
import { action, announce, el, fill } from './dom.js'
import { failure, notice, waking } from './notice.js'
import { orderForm } from './order.js'
import { days, windowOf } from './periods.js'
import * as session from './session.js'
import { date, instant } from './table.js'
import { ownZone } from './zones.js'

/** How often reports that are being made are asked for. */
const POLL = 3_000

/** The types by the names that people know. */
export const TYPES = /** @type {Record<string, string>} */ ({
  call_summary: 'Call summary',
  campaign_performance: 'Campaign performance',
  agent_coaching: 'Agent coaching',
  qa_performance: 'QA performance',
  compliance_audit: 'Compliance audit',
  cdr_export: 'Raw calls'
})

/**
 * Shows the list and the form, until the signal says that something else is shown.
 * @param {HTMLElement} content
 * @param {import('./address.js').Place} place
 * @param {AbortSignal} signal
 */
export async function showOnDemand(content, place, signal) {
  const status = el('p', { class: 'status' }, 'Loading …')
  const list = el('tbody')
  const more = el('div', { class: 'more' })
  const body = el('div', { class: 'body' }, el('div', { class: 'skeleton', 'aria-hidden': true }, el('div', { class: 'chart' })))
  fill(content,
    el('div', { class: 'title' }, el('h1', {}, 'On-demand reports'),
      el('p', { class: 'period' }, 'Made in the background, as JSON, CSV or PDF. Files are kept for 90 days. Dates are of UTC.')),
    orderForm(days(windowOf(place, Date.now())), report => add(report)), status, body)
  /** @type {Map<string, { report: any, row: HTMLElement }>} */
  const shown = new Map()

  /** @param {unknown} error */
  function fail(error) {
    if (signal.aborted) return
    status.textContent = ''
    if (error instanceof api.Problem && error.status === 401) return session.refused()
    fill(body, failure(error, () => {
      content.focus()
      showOnDemand(content, place, signal)
    }))
  }

  /** What went wrong beside the list, which stays. @param {unknown} error @param {string} otherwise */
  function say(error, otherwise) {
    if (signal.aborted) return
    if (error instanceof api.Problem && error.status === 401) return session.refused()
    tell(error instanceof api.Problem ? error.message : otherwise)
  }

  /** @param {string} text */
  function tell(text) {
    status.textContent = text
    announce(text)
  }

  /** @type {string | null} */
  let next = null
  const older = action({}, 'Show older ones', async () => {
    const last = list.lastElementChild
    await page(next).catch(error => say(error, 'The older ones could not be had.'))
    // Where reading goes on, when there is nothing left to press.
    if (!next) /** @type {HTMLElement | null} */ (last?.nextElementSibling?.querySelector('button'))?.focus()
  })

  /** @param {string | null} cursor */
  async function page(cursor) {
    const answer = await api.json(`reports?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, {
      signal, onSlow: () => { if (shown.size === 0 && !signal.aborted) fill(body, waking()) }
    })
    for (const report of answer.reports) list.append(put(report))
    next = answer.next_cursor
    fill(more, next && older)
    status.textContent = answer.total === 1 ? '1 report.' : `${new Intl.NumberFormat().format(answer.total)} reports.`
  }

  /** One that was ordered here. @param {any} report */
  function add(report) {
    list.prepend(put(report))
    draw()
    tell('The report is being made.')
  }

  /** The row of a report, which takes the place of its earlier one. @param {any} report */
  function put(report) {
    const row = line(report, report.report_id === place.id, error => say(error, 'The file could not be had.'))
    shown.get(report.report_id)?.row.replaceWith(row)
    shown.set(report.report_id, { report, row })
    return row
  }

  function draw() {
    if (shown.size === 0) return fill(body, notice('Nothing was ordered yet', 'Order a report above; it appears here, and its file with it.'))
    fill(body, el('section', { class: 'table' }, el('div', { class: 'scroll', role: 'region', 'aria-label': 'Reports', tabindex: 0 },
      el('table', {}, el('thead', {}, el('tr', {},
        ['Report', 'Period', 'Format', 'Ordered', 'Status', 'File'].map(label => el('th', { scope: 'col' }, label)))), list)), more))
  }

  async function poll() {
    while (!signal.aborted) {
      await new Promise(resolve => setTimeout(resolve, POLL))
      if (signal.aborted || document.hidden) continue
      for (const { report } of [...shown.values()].filter(({ report }) => report.status === 'generating')) {
        try {
          const now = await api.json(`reports/${report.report_id}`, { signal })
          if (now.status === 'generating' || signal.aborted) continue
          put(now)
          tell(`${TYPES[now.type] ?? now.type} ${now.status === 'completed' ? 'is ready' : 'has failed'}.`)
        } catch (error) {
          say(error, 'What is being made could not be asked for.')
        }
      }
    }
  }

  try {
    // One that a mail names may be older than the first page.
    const named = place.id ? await api.json(`reports/${encodeURIComponent(place.id)}`, { signal }).catch(error => {
      if (error instanceof api.Problem && error.status === 404) return null
      throw error
    }) : null
    await page(null)
    if (named && !shown.has(named.report_id)) list.prepend(put(named))
    draw()
    await poll()
  } catch (error) {
    fail(error)
  }
}

/**
 * @param {any} report
 * @param {boolean} isNamed
 * @param {(error: unknown) => void} onError
 * @returns {HTMLElement}
 */
function line(report, isNamed, onError) {
  const name = TYPES[report.type] ?? report.type
  const period = report.from ? `${date(report.from)} – ${date(report.to)}` : ''
  return el('tr', { class: isNamed ? 'named' : null, 'data-id': report.report_id },
    el('th', { scope: 'row' }, name, report.scheduled && el('small', {}, 'on a schedule')),
    el('td', {}, period), el('td', {}, report.format.toUpperCase()), el('td', {}, instant(report.created_at, ownZone())),
    el('td', { class: report.status }, report.status === 'failed' && report.error ? `failed: ${report.error}` : report.status),
    el('td', {}, file(report, name, onError)))
}

/** What leads to a report's file, if there is one. @param {any} report @param {string} name @param {(error: unknown) => void} onError */
function file(report, name, onError) {
  if (report.status !== 'completed') return null
  if (report.file_expired) return 'no longer kept'
  return action({ class: 'csv', 'aria-label': `Download ${name} as ${report.format.toUpperCase()}, ordered ${instant(report.created_at, ownZone())}` }, 'Download', async () => {
    try {
      // A link is made for each time that it is followed.
      const { download_url, data } = await api.json(`reports/${report.report_id}`)
      if (download_url) location.assign(download_url)
      else if (data) api.saveBlob(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }), `${report.type}_${report.from}_${report.to}.json`)
      else onError(new api.Problem(410, 'The file is no longer kept.'))
    } catch (error) {
      onError(error)
    }
  })
}
