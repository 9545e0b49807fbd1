// A table whose columns sort it.

import { el, fill } from './dom.js'
import { clock, isNumber, written } from './numbers.js'

/**
 * @typedef {object} Column
 * @property {string} key The field of the API.
 * @property {string} label
 * @property {import('./numbers.js').Unit} unit
 * @property {(row: any) => boolean} [isBad] Whether a value wants to be seen.
 */

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {string | null} section The name that the CSV of it has for the API; null for the only table of a report.
 * @property {Column[]} columns
 * @property {any[]} rows In the order of the API.
 * @property {Record<string, any>} [totals] A last row that stays where it is.
 * @property {string} [empty] What is said where there is no row.
 */

/**
 * @param {Table} table
 * @param {string} zone Of its instants.
 * @param {Element} [action] Something to do with it, beside its caption.
 */
export function tableOf({ caption, columns, rows, totals, empty = 'There is nothing in this period.' }, zone, action) {
  const body = el('tbody')
  const heads = columns.map(column => {
    const button = el('button', { type: 'button', 'data-focus': `sort ${caption} ${column.key}`, onclick: () => sort(column) }, column.label,
      el('span', { class: 'arrow', 'aria-hidden': true }))
    return el('th', { scope: 'col', class: isNumber(column.unit) ? 'number' : null, 'data-key': column.key }, button)
  })
  /** @type {{ key: string, descending: boolean } | null} */
  let order = null

  /** @param {Column} column */
  function sort({ key, unit }) {
    order = { key, descending: order?.key === key ? !order.descending : isNumber(unit) || unit === 'flag' }
    for (const head of heads) {
      const isIt = head.dataset.key === key
      if (isIt) head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending')
      else head.removeAttribute('aria-sort')
    }
    const sign = order.descending ? -1 : 1
    draw([...rows].sort((a, b) => compare(a[key], b[key], sign)))
  }

  /** @param {any[]} sorted */
  function draw(sorted) {
    fill(body, sorted.map(row => line(columns, row, zone)))
  }

  draw(rows)
  const content = rows.length === 0
    ? el('p', { class: 'nothing' }, empty)
    : el('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
      el('table', {}, el('thead', {}, el('tr', {}, heads)), body,
        totals && el('tfoot', {}, line(columns, totals, zone))))
  return el('section', { class: 'table' }, el('div', { class: 'caption' }, el('h2', {}, caption), action), content)
}

/** @param {Column[]} columns @param {any} row @param {string} zone */
function line(columns, row, zone) {
  return el('tr', {}, columns.map(({ key, unit, isBad }, index) => {
    const value = row[key]
    const text = value === undefined ? '' : unit === 'instant' ? instant(value, zone) : unit === 'date' ? date(value) : written(value, unit)
    const attributes = {
      class: [isNumber(unit) && 'number', isBad?.(row) && 'bad'].filter(Boolean).join(' ') || null,
      'data-key': key
    }
    const help = unit === 'seconds' && value ? clock(value) : ''
    const isHead = index === 0 && !isNumber(unit)
    return el(isHead ? 'th' : 'td', isHead ? { ...attributes, scope: 'row' } : attributes,
      text, help && el('small', {}, help))
  }))
}

/** @param {any} a @param {any} b @param {1 | -1} sign */
function compare(a, b, sign) {
  // What has no value is last, whichever way it is sorted.
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0)
  return sign * (typeof a === 'string' ? a.localeCompare(b) : a - b)
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

/** A date of the API, whatever the zone that it is of. @param {string} value */
export function date(value) {
  return dates.format(Date.parse(value))
}

/** An instant, by the clocks of a zone. @param {string | null} value @param {string} zone */
export function instant(value, zone) {
  return value === null ? '' : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(Date.parse(value))
}
