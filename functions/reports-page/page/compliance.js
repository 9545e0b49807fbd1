// The report on compliance: abandonment, the do-not-call list, calling hours.

import { barChart, of } from './bars.js'
import { ratio, total } from './headlines.js'
import { written } from './numbers.js'

/** @type {import('./report-view.js').Report} */
export const compliance = {
  name: 'compliance',
  title: 'Compliance',
  metrics: () => [
    { label: 'DNC additions', unit: 'count', good: null, read: ({ dnc }) => total(dnc.additions) },
    { label: 'DNC total', unit: 'count', good: null, read: ({ dnc }) => total(dnc.total) },
    { label: 'Abandonment breaches', unit: 'count', good: 'lower', read: ({ abandonment }) => total(abandonment.breaches) },
    { label: 'Calling-hours coverage', unit: 'percent', good: 'higher', read: ({ calling_hours }) => ratio(calling_hours.coverage, calling_hours.campaigns) }
  ],
  isEmpty: ({ dnc, abandonment }) => dnc.total === 0 && abandonment.campaigns.length === 0,
  nothing: 'There is neither a campaign nor an entry of the do-not-call list yet.',
  chart({ abandonment: { campaigns } }) {
    const largest = Math.max(0, ...campaigns.map((/** @type {any} */ row) => Math.max(row.abandonment_rate, row.abandonment_cap))) * 1.1
    const bars = campaigns.map((/** @type {any} */ row) => ({
      label: row.campaign,
      text: `${written(row.abandonment_rate, 'percent')} of ${written(row.abandonment_cap, 'percent')} allowed${row.breach ? ', breach' : ''}`,
      parts: [{ share: of(row.abandonment_rate, largest), kind: row.breach ? 'breach' : 'calls' }],
      mark: of(row.abandonment_cap, largest),
      isBad: row.breach
    }))
    const legend = [{ kind: 'calls', label: 'abandonment rate' }, { kind: 'breach', label: 'above the cap' }, { kind: 'mark', label: 'cap' }]
    return barChart('Abandonment against the cap, by campaign', bars, legend)
  },
  tables: ({ abandonment, dnc, calling_hours }) => [
    {
      caption: 'Abandonment',
      section: 'abandonment',
      rows: abandonment.campaigns,
      empty: 'There is no campaign yet. The dialer makes them.',
      columns: [
        { key: 'campaign', label: 'Campaign', unit: 'text' },
        { key: 'attempts', label: 'Attempts', unit: 'count' },
        { key: 'abandoned', label: 'Abandoned', unit: 'count' },
        { key: 'abandonment_rate', label: 'Abandonment rate', unit: 'percent', isBad: row => row.breach },
        { key: 'abandonment_cap', label: 'Cap', unit: 'percent' },
        { key: 'breach', label: 'Breach', unit: 'flag', isBad: row => row.breach }
      ]
    },
    {
      caption: 'Calling hours',
      section: 'calling_hours',
      rows: [calling_hours],
      columns: [
        { key: 'campaigns', label: 'Campaigns', unit: 'count' },
        { key: 'campaigns_with_hours', label: 'With calling hours', unit: 'count' },
        { key: 'coverage', label: 'Coverage', unit: 'percent' },
        { key: 'attempts', label: 'Attempts', unit: 'count' },
        { key: 'inside', label: 'Inside', unit: 'count' },
        { key: 'outside', label: 'Outside', unit: 'count', isBad: row => row.outside > 0 },
        { key: 'unknown', label: 'Unknown', unit: 'count' },
        { key: 'inside_rate', label: 'Inside rate', unit: 'percent' }
      ]
    },
    {
      caption: 'Do-not-call list',
      section: 'dnc',
      rows: dnc.by_source,
      totals: { source: 'All sources', total: dnc.total, additions: dnc.additions },
      empty: 'The do-not-call list is empty.',
      columns: [
        { key: 'source', label: 'Source', unit: 'text' },
        { key: 'total', label: 'Entries', unit: 'count' },
        { key: 'additions', label: 'Added in this period', unit: 'count' }
      ]
    }
  ]
}
