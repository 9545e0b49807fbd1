// Charts of bars: lists, whose text says it all, with lengths for the eye. A screen reader reads them as what they are.

import { el, unseen } from './dom.js'

/** A chart is for an overview; the table below it has everything. */
const MOST = 12

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {string} text What the bar says.
 * @property {{ share: number, kind: string, text?: string }[]} parts Lengths as shares of the whole width, 0 to 1.
 * @property {number} [mark] A limit, as a share of the width.
 * @property {boolean} [isBad]
 */

/**
 * @param {string} caption
 * @param {Bar[]} bars
 * @param {{ kind: string, label: string }[]} [legend]
 */
export function barChart(caption, bars, legend = []) {
  const shown = bars.slice(0, MOST)
  const rest = bars.length - shown.length
  return el('figure', { class: 'chart' },
    el('figcaption', {}, el('h2', {}, caption), legend.length > 0 && el('ul', { class: 'legend' },
      legend.map(({ kind, label }) => el('li', {}, el('span', { class: `swatch ${kind}`, 'aria-hidden': true }), label)))),
    el('ol', { class: 'bars' }, shown.map(bar => el('li', { class: bar.isBad ? 'bad' : null },
      el('span', { class: 'label' }, bar.label),
      el('span', { class: 'bar', 'aria-hidden': true },
        bar.parts.map(part => el('span', { class: part.kind, title: part.text, style: { '--share': percent(part.share) } })),
        bar.mark === undefined ? null : el('span', { class: 'mark', style: { '--at': percent(bar.mark) } })),
      el('span', { class: 'text' }, bar.text, bar.parts.some(part => part.text)
        ? unseen(`: ${bar.parts.map(part => part.text).join(', ')}`) : null)))),
    rest > 0 && el('p', { class: 'rest' }, `The first ${shown.length} of ${bars.length}; the table has them all.`))
}

/** @param {number} share */
function percent(share) {
  return `${Math.min(Math.max(share, 0), 1) * 100}%`
}

/** A share of the largest, 0 where all are 0. @param {number} value @param {number} largest */
export function of(value, largest) {
  return largest > 0 ? value / largest : 0
}
