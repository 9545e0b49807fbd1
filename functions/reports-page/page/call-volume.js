// The report on call volume and telephony quality.

import { ratio, total } from './headlines.js'
import { trendChart } from './trend.js'

/** @type {import('./report-view.js').Report} */
export const callVolume = {
  name: 'call-volume',
  title: 'Call volume',
  takesZone: true,
  metrics: () => [
    { label: 'Total calls', unit: 'count', good: null, read: ({ totals }) => total(totals.total_calls) },
    { label: 'Answered', unit: 'count', good: null, read: ({ totals }) => total(totals.answered) },
    { label: 'Answer-seizure ratio', unit: 'percent', good: 'higher', read: ({ totals }) => ratio(totals.asr, totals.total_calls) },
    { label: 'Average call duration', unit: 'seconds', good: null, read: ({ totals }) => ratio(totals.acd_secs, totals.answered) }
  ],
  isEmpty: ({ totals }) => totals.total_calls === 0,
  nothing: 'There was no call in this period. Choose a longer or an earlier one.',
  chart: ({ daily }) => trendChart(daily),
  tables: ({ daily, hangup_causes, totals }) => [
    {
      caption: 'Over the period',
      section: 'totals',
      rows: [totals],
      columns: [
        { key: 'total_calls', label: 'Calls', unit: 'count' },
        { key: 'answered', label: 'Answered', unit: 'count' },
        { key: 'asr', label: 'Answer-seizure ratio', unit: 'percent' },
        { key: 'talk_secs', label: 'Talk time', unit: 'seconds' },
        { key: 'acd_secs', label: 'Average call duration', unit: 'seconds' }
      ]
    },
    {
      caption: 'The ten most frequent hangup causes',
      section: 'hangup_causes',
      rows: hangup_causes,
      columns: [
        { key: 'cause', label: 'Cause', unit: 'text' },
        { key: 'calls', label: 'Calls', unit: 'count' },
        { key: 'share', label: 'Of all calls', unit: 'percent' }
      ]
    },
    {
      caption: 'By day',
      section: 'daily',
      rows: daily,
      columns: [
        { key: 'date', label: 'Date', unit: 'date' },
        { key: 'total_calls', label: 'Calls', unit: 'count' },
        { key: 'answered', label: 'Answered', unit: 'count' },
        { key: 'asr', label: 'Answer-seizure ratio', unit: 'percent' },
        { key: 'acd_secs', label: 'Average call duration', unit: 'seconds' }
      ]
    }
  ]
}
