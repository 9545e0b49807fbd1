// Headline numbers beside those of the period before: the same four of each report as in the mails, compared in the same way
// (`shared/metrics/src/headlines.rs`).

import { el } from './dom.js'
import { change, clock, written, writtenChange } from './numbers.js'

/**
 * A number as a report has it. `measured` says whether there was anything to measure: a rate over nothing is 0 by definition,
 * and is not compared.
 * @typedef {{ value: number | null, measured: boolean, count?: number }} Reading
 */

/**
 * @typedef {object} Metric
 * @property {string} label
 * @property {import('./numbers.js').Unit} unit
 * @property {'higher' | 'lower' | null} good Which direction is good; null where that is for the reader to say.
 * @property {(answer: any) => Reading} read
 */

/** What is always measured. @param {number} value @returns {Reading} */
export function total(value) {
  return { value, measured: true }
}

/** A rate, and what it is over. @param {number | null} value @param {number} denominator @returns {Reading} */
export function ratio(value, denominator) {
  return { value, measured: denominator !== 0 }
}

/**
 * The cards. Without the answer of the period before, there is room for what will be said of it.
 * @param {Metric[]} metrics
 * @param {any} current
 * @param {any} [previous]
 */
export function headlines(metrics, current, previous) {
  return el('dl', { class: 'headlines' }, metrics.map(metric => {
    const now = metric.read(current)
    return el('div', { class: 'card' },
      el('dt', {}, metric.label),
      el('dd', { class: 'value' }, figure(now, metric.unit), metric.unit === 'seconds' && now.value
        ? el('small', {}, clock(now.value)) : null),
      el('dd', { class: 'change' }, previous ? comparison(metric, now, metric.read(previous)) : '\u00a0'))
  }))
}

/** @param {Reading} reading @param {import('./numbers.js').Unit} unit */
function figure({ value, count }, unit) {
  return count === undefined ? written(value, unit) : `${written(count, 'count')} (${written(value, unit)})`
}

/** @param {Metric} metric @param {Reading} now @param {Reading} then */
function comparison({ unit, good }, now, then) {
  const before = el('span', { class: 'before' }, `before: ${figure(then, unit)}`)
  if (!now.measured || !then.measured || now.value === null || then.value === null) {
    return [el('span', { class: 'delta' }, 'no comparison'), before]
  }
  if (now.value === then.value && now.count === then.count) return [el('span', { class: 'delta' }, 'no change'), before]
  const isMore = now.value > then.value
  const verdict = good === null || now.value === then.value ? '' : (good === 'higher') === isMore ? 'better' : 'worse'
  return [
    el('span', { class: `delta ${verdict}` },
      el('span', { 'aria-hidden': true }, now.value === then.value ? '' : isMore ? '▲ ' : '▼ '),
      el('span', { class: 'difference' }, writtenChange(change(now.value, then.value, unit), unit)),
      verdict && ` ${verdict}`),
    before
  ]
}
