// The report on campaigns: the funnel.

import { barChart, of } from './bars.js'
import { ratio, total } from './headlines.js'
import { written } from './numbers.js'

/** @type {import('./report-view.js').Report} */
export const campaigns = {
  name: 'campaigns',
  title: 'Campaigns',
  metrics: () => [
    { label: 'Attempts', unit: 'count', good: null, read: ({ totals }) => total(totals.attempts) },
    { label: 'Contact rate', unit: 'percent', good: 'higher', read: ({ totals }) => ratio(totals.contact_rate, totals.attempts) },
    { label: 'Conversion rate', unit: 'percent', good: 'higher', read: ({ totals }) => ratio(totals.conversion_rate, totals.human) },
    { label: 'Abandonment rate', unit: 'percent', good: 'lower', read: ({ totals }) => ratio(totals.abandonment_rate, totals.attempts) }
  ],
  isEmpty: ({ totals }) => totals.attempts === 0,
  nothing: 'Nobody was called in this period. Choose a longer or an earlier one.',
  chart({ totals }) {
    const stage = (/** @type {string} */ label, /** @type {number} */ count, /** @type {string} */ rate) => ({
      label, text: written(count, 'count') + rate, parts: [{ share: of(count, totals.attempts), kind: 'calls' }]
    })
    return barChart('From attempts to sales', [
      stage('Attempts', totals.attempts, ''),
      stage('Leads dialed', totals.leads_dialed, ''),
      stage('Answered by a human', totals.human, `, ${written(totals.contact_rate, 'percent')} of attempts`),
      stage('Sales', totals.sales, `, ${written(totals.conversion_rate, 'percent')} of human answers`)
    ])
  },
  tables: ({ rows, totals }) => [{
    caption: 'By campaign',
    section: null,
    rows,
    totals: { campaign: 'All campaigns', ...totals },
    empty: 'There is no campaign yet. The dialer makes them.',
    columns: [
      { key: 'campaign', label: 'Campaign', unit: 'text' },
      { key: 'attempts', label: 'Attempts', unit: 'count' },
      { key: 'leads_dialed', label: 'Leads dialed', unit: 'count' },
      { key: 'human', label: 'Human', unit: 'count' },
      { key: 'machine', label: 'Machine', unit: 'count' },
      { key: 'sales', label: 'Sales', unit: 'count' },
      { key: 'abandoned', label: 'Abandoned', unit: 'count' },
      { key: 'contact_rate', label: 'Contact rate', unit: 'percent' },
      { key: 'conversion_rate', label: 'Conversion rate', unit: 'percent' },
      { key: 'abandonment_rate', label: 'Abandonment rate', unit: 'percent', isBad: row => row.abandonment_breach },
      { key: 'abandonment_cap', label: 'Cap', unit: 'percent' },
      { key: 'abandonment_breach', label: 'Breach', unit: 'flag', isBad: row => row.abandonment_breach },
      { key: 'live_abandonment_rate', label: 'Live abandonment rate', unit: 'percent' }
    ]
  }]
}
