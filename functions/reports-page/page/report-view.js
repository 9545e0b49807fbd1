// One report: what it is about, its headlines, its chart, its tables.

import * as api from './api.js'
import { choices } from './choices.js'
import { action, announce, el, fill, keepingFocus } from './dom.js'
import { headlines } from './headlines.js'
import { failure, notice, waking } from './notice.js'
import { before, windowOf, written } from './periods.js'
import * as session from './session.js'
import { instant, tableOf } from './table.js'

/**
 * A report as the page shows it. All numbers are those of the API's answer.
 * @typedef {object} Report
 * @property {string} name Of its route.
 * @property {string} title
 * @property {boolean} [takesZone] Whether its route takes a time zone.
 * @property {(answer: any) => import('./headlines.js').Metric[]} metrics
 * @property {(answer: any) => boolean} isEmpty
 * @property {string} nothing What is said where it is empty.
 * @property {(answer: any) => Element} chart
 * @property {(answer: any) => import('./table.js').Table[]} tables
 */

/** How often a report that is kept current is asked for: the database does not sleep meanwhile. */
const REFRESH = 5 * 60_000
/** Where the tab remembers that reports are to be kept current. */
const KEPT = 'callmetry.current'

/**
 * Shows a report, until the signal says that something else is shown.
 * @param {HTMLElement} content
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {(change: Partial<import('./address.js').Place>) => void} go
 * @param {AbortSignal} signal
 */
export function showReport(content, report, place, go, signal) {
  if (place.isUnreadable) {
    const last = el('button', { type: 'button', 'data-focus': '30d', onclick: () => go({ choice: '30d', from: null, to: null }) }, 'Last 30 days')
    return fill(content, el('h1', {}, report.title),
      notice('This link has no period that can be read', 'Its beginning or its end is no point in time, or they are the wrong way round.', last))
  }
  const view = {
    content, report, place, go, signal,
    title: el('div', { class: 'title' }), status: el('span'), body: el('div', { class: 'body' }), shownAsOf: ''
  }
  fill(content, view.title, choices(place, windowOf(place, Date.now()), go),
    el('p', { class: 'status' }, view.status, keepCurrent(view)), view.body)
  load(view)
}

/**
 * What is on the screen of a report, and of when the answer is, if it is one already.
 * @typedef {{
 *   content: HTMLElement, report: Report, place: import('./address.js').Place,
 *   go: (change: Partial<import('./address.js').Place>) => void, signal: AbortSignal,
 *   title: HTMLElement, status: HTMLElement, body: HTMLElement, shownAsOf: string
 * }} View
 */

/** Asks for the report and shows it. What is shown already stays until there is something newer. @param {View} view */
async function load(view) {
  const { content, report, place, signal, title, status, body } = view
  const now = Date.now()
  const window = windowOf(place, now)
  const compared = before(window, place.choice, now)
  fill(title, el('h1', {}, report.title), el('p', { class: 'period' }, `${written(window)}, ${window.zone}`,
    el('span', { class: 'compared' }, ` compared with ${written(compared)}`)))
  if (!view.shownAsOf) {
    status.textContent = 'Loading …'
    fill(body, skeleton())
  }
  const onSlow = () => {
    if (signal.aborted || view.shownAsOf) return
    status.textContent = 'Waiting for the database …'
    fill(body, waking())
  }
  try {
    const previous = read(report, place, compared, { signal })
    // Its failure is told when it is waited for, and only if this one has not failed.
    previous.catch(() => {})
    const current = await read(report, place, window, { signal, onSlow })
    if (signal.aborted) return
    view.shownAsOf = `As of ${instant(current.generated_at, window.zone)}.`
    status.textContent = view.shownAsOf
    if (report.isEmpty(current)) {
      fill(body, nothing(view), details(report, place, window, current))
      return
    }
    announce(`${report.title}, ${written(window)}.`)
    const cards = el('div', {}, headlines(report.metrics(current), current))
    keepingFocus(() => fill(body, cards, report.chart(current), details(report, place, window, current)))
    try {
      fill(cards, headlines(report.metrics(current), current, await previous))
    } catch {
      if (!signal.aborted) status.textContent = `${view.shownAsOf} The period before could not be had, so nothing is compared.`
    }
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof api.Problem && error.status === 401) return session.refused()
    if (view.shownAsOf) status.textContent = `${view.shownAsOf} It could not be asked for again, and will be.`
    else {
      status.textContent = ''
      fill(body, failure(error, () => {
        content.focus()
        load(view)
      }))
    }
  }
}

/**
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 */
function path(report, place, { from, to, zone }) {
  const query = new URLSearchParams({ from, to })
  if (report.takesZone) query.set('timezone', zone)
  if (place.tenant) query.set('tenant_id', place.tenant)
  return `reports/${report.name}?${query}`
}

/**
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 * @param {api.Options} options
 */
function read(report, place, window, options) {
  return api.json(path(report, place, window), options)
}

/** @param {View} view */
function nothing({ report, place, go }) {
  const longer = place.choice === '7d' && el('button', { type: 'button', 'data-focus': '30d', onclick: () => go({ choice: '30d' }) }, 'Last 30 days')
  return notice('No data in this period',
    `${report.nothing} If there should be something, ask whether the dialer writes into this database.`, longer)
}

/**
 * The tables, each with its CSV, which begins with a byte-order mark: people open it in a spreadsheet.
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 * @param {any} answer
 */
function details(report, place, window, answer) {
  return report.tables(answer).map(table => {
    const problem = el('span', { class: 'problem', role: 'alert' })
    const attributes = { class: 'csv', 'aria-label': `Download ${table.caption} as CSV`, 'data-focus': `csv ${table.caption}` }
    const button = action(attributes, 'CSV', async () => {
      problem.textContent = ''
      try {
        await api.save(`${path(report, place, window)}&format=csv&bom=true${table.section ? `&section=${table.section}` : ''}`)
      } catch (error) {
        if (error instanceof api.Problem && error.status === 401) return session.refused()
        problem.textContent = error instanceof api.Problem ? error.message : 'The file could not be saved.'
      }
    })
    return tableOf(table, window.zone, el('span', { class: 'actions' }, problem, button))
  })
}

/** What the place of a report looks like before it is there. */
function skeleton() {
  return el('div', { class: 'skeleton', 'aria-hidden': true },
    el('div', { class: 'headlines' }, [1, 2, 3, 4].map(() => el('div', { class: 'card' }))), el('div', { class: 'chart' }))
}

/**
 * Offers to ask again every few minutes, for a screen on a wall: whatever came of it the last time.
 * @param {View} view
 */
function keepCurrent(view) {
  const { place, signal } = view
  // A window that has ended does not change.
  if (!place.choice || place.choice === 'last-month') return null
  const box = el('input', { type: 'checkbox', checked: sessionStorage.getItem(KEPT) !== null, 'data-focus': 'current', onchange: () => {
    if (box.checked) sessionStorage.setItem(KEPT, 'yes')
    else sessionStorage.removeItem(KEPT)
  } })
  const timer = setInterval(() => {
    if (box.checked && !document.hidden) load(view)
  }, REFRESH)
  signal.addEventListener('abort', () => clearInterval(timer))
  return el('label', {}, box, ' Keep current, every 5 minutes')
}
