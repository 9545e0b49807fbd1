// The report on dispositions: how attempts ended.

import { barChart, of } from './bars.js'
import { ratio, total } from './headlines.js'
import { written } from './numbers.js'

/** How many codes are headlines. */
const MOST_FREQUENT = 3

/** @type {import('./report-view.js').Report} */
export const dispositions = {
  name: 'dispositions',
  title: 'Dispositions',
  /** The total, then the most frequent codes of this period, each with its own numbers of the one before. */
  metrics: ({ rows }) => [
    { label: 'Dispositions', unit: 'count', good: null, read: ({ totals }) => total(totals.count) },
    ...rows.slice(0, MOST_FREQUENT).map((/** @type {any} */ { code, label }) => ({
      label, unit: 'percent', good: null,
      read: (/** @type {any} */ answer) => {
        const row = answer.rows.find((/** @type {any} */ row) => row.code === code) ?? { count: 0, share: 0 }
        return { ...ratio(row.share, answer.totals.count), count: row.count }
      }
    }))
  ],
  isEmpty: ({ totals }) => totals.count === 0,
  nothing: 'No attempt of this period has a disposition. Choose a longer or an earlier one.',
  chart({ rows }) {
    const bars = rows.map((/** @type {any} */ row) => ({
      label: row.label,
      text: `${written(row.count, 'count')}, ${written(row.share, 'percent')}`,
      parts: [{ share: of(row.count, rows[0].count), kind: 'calls' }]
    }))
    return barChart('How attempts ended', bars)
  },
  tables: ({ rows, totals }) => [{
    caption: 'By disposition',
    section: null,
    rows,
    totals: { code: 'All', count: totals.count },
    columns: [
      { key: 'code', label: 'Code', unit: 'text' },
      { key: 'label', label: 'Label', unit: 'text' },
      { key: 'category', label: 'Category', unit: 'text' },
      { key: 'count', label: 'Attempts', unit: 'count' },
      { key: 'share', label: 'Share', unit: 'percent' }
    ]
  }]
}
