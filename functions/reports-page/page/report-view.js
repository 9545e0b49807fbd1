// One report: what it is about, its headlines, its chart, its tables.

import * as api from './api.js'
import { choices } from './choices.js'
import { el, fill } from './dom.js'
import { headlines } from './headlines.js'
import { failure, notice, waking } from './notice.js'
import { before, chosen, written } from './periods.js'
import { tableOf } from './table.js'

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

/**
 * Shows a report, until the signal says that something else is shown.
 * @param {HTMLElement} content
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {Promise<import('./main.js').Caller | null>} caller
 * @param {(change: Partial<import('./address.js').Place>) => void} go
 * @param {AbortSignal} signal
 */
export async function showReport(content, report, place, caller, go, signal) {
  const window = place.choice ? chosen(place.choice, place.zone, Date.now()) : { from: place.from ?? '', to: place.to ?? '', zone: place.zone }
  const compared = before(window)
  const status = el('p', { class: 'status', role: 'status' }, 'Loading …')
  const body = el('div', { class: 'body', 'aria-busy': true }, skeleton())
  const pickers = el('div', {}, choices(place, window, null, go))
  fill(content,
    el('div', { class: 'title' },
      el('h1', {}, report.title),
      el('p', { class: 'period' }, `${written(window)}, ${window.zone}`, el('span', { class: 'compared' }, ` compared with ${written(compared)}`))),
    pickers, status, body)
  caller.then(known => {
    if (!signal.aborted && (known?.tenants || place.tenant)) fill(pickers, choices(place, window, known, go))
  })

  const again = () => showReport(content, report, place, caller, go, signal)
  const onSlow = () => {
    if (body.getAttribute('aria-busy') === null || signal.aborted) return
    status.textContent = 'The database is waking up …'
    fill(body, waking())
  }
  try {
    const previous = read(report, place, compared, { signal })
    // Its failure is told when it is waited for, and only if this one has not failed.
    previous.catch(() => {})
    const current = await read(report, place, window, { signal, onSlow })
    body.removeAttribute('aria-busy')
    if (report.isEmpty(current)) {
      status.textContent = updated(current)
      const longer = place.choice === '7d' && el('button', { type: 'button', onclick: () => go({ choice: '30d' }) }, 'Last 30 days')
      fill(body, notice('No data in this period', `${report.nothing} Choose a longer or an earlier period. `
        + 'If there should be something, ask whether the dialer writes into this database.', longer), details(report, place, window, current))
      return
    }
    const cards = el('div', {}, headlines(report.metrics(current), current))
    if (signal.aborted) return
    fill(body, cards, report.chart(current), details(report, place, window, current))
    status.textContent = updated(current)
    try {
      fill(cards, headlines(report.metrics(current), current, await previous))
    } catch (error) {
      if (signal.aborted) return
      status.textContent = `${updated(current)} The period before could not be had, so nothing is compared.`
    }
    keepCurrent(place, status, again, signal)
  } catch (error) {
    if (signal.aborted) return
    body.removeAttribute('aria-busy')
    status.textContent = ''
    if (error instanceof api.Problem && error.status === 401) return onUnauthorized(content)
    fill(body, failure(error, again))
  }
}

/** Leads back to signing in; `main.js` listens. @param {HTMLElement} content */
export function onUnauthorized(content) {
  content.dispatchEvent(new Event('unauthorized', { bubbles: true }))
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

/** @param {any} answer */
function updated(answer) {
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(Date.parse(answer.generated_at))
  return `As of ${time}.`
}

/**
 * The tables, each with its CSV.
 * @param {Report} report
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 * @param {any} answer
 */
function details(report, place, window, answer) {
  return report.tables(answer).map(table => {
    const problem = el('span', { class: 'problem', role: 'alert' })
    const button = el('button', {
      type: 'button', class: 'csv', 'aria-label': `Download ${table.caption} as CSV`,
      onclick: async () => {
        button.disabled = true
        problem.textContent = ''
        try {
          await api.save(`${path(report, place, window)}&format=csv${table.section ? `&section=${table.section}` : ''}`)
        } catch (error) {
          if (error instanceof api.Problem && error.status === 401) return onUnauthorized(button)
          problem.textContent = error instanceof api.Problem ? error.message : 'The file could not be saved.'
        } finally {
          button.disabled = false
        }
      }
    }, 'CSV')
    return tableOf(table, el('span', { class: 'actions' }, problem, button))
  })
}

/** What the place of a report looks like before it is there. */
function skeleton() {
  return el('div', { class: 'skeleton', 'aria-hidden': true },
    el('div', { class: 'headlines' }, [1, 2, 3, 4].map(() => el('div', { class: 'card' }))), el('div', { class: 'chart' }))
}

/**
 * Offers to ask again every few minutes, for a screen on a wall.
 * @param {import('./address.js').Place} place
 * @param {HTMLElement} status
 * @param {() => void} again
 * @param {AbortSignal} signal
 */
function keepCurrent(place, status, again, signal) {
  // A window that has ended does not change.
  if (!place.choice || place.choice === 'last-month') return
  const key = 'callmetry.current'
  const box = el('input', {
    type: 'checkbox', checked: sessionStorage.getItem(key) !== null,
    onchange: () => {
      if (box.checked) sessionStorage.setItem(key, 'yes')
      else sessionStorage.removeItem(key)
      start()
    }
  })
  status.append(' ', el('label', {}, box, ' Keep current'))
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  function start() {
    clearTimeout(timer)
    if (box.checked) timer = setTimeout(() => document.hidden ? start() : again(), REFRESH)
  }
  signal.addEventListener('abort', () => clearTimeout(timer))
  start()
}
