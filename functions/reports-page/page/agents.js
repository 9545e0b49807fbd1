// The report on agents: calls, time in state, quality.

import { barChart, of } from './bars.js'
import { ratio, total } from './headlines.js'
import { written } from './numbers.js'

/** What an agent who is signed in is in. Time offline says nothing of work, and would dwarf the rest. */
const STATES = /** @type {const} */ (['busy', 'wrap', 'available', 'break'])

/** @type {import('./report-view.js').Report} */
export const agents = {
  name: 'agents',
  title: 'Agents',
  metrics: () => [
    { label: 'Calls', unit: 'count', good: null, read: ({ totals }) => total(totals.calls) },
    { label: 'Talk time', unit: 'seconds', good: null, read: ({ totals }) => total(totals.talk_secs) },
    { label: 'Occupancy', unit: 'percent', good: null, read: ({ totals }) => ratio(totals.occupancy, totals.available_secs + totals.busy_secs + totals.wrap_secs) },
    { label: 'QA average', unit: 'score', good: 'higher', read: ({ totals }) => ratio(totals.qa_avg_score, totals.qa_avg_score === null ? 0 : 1) }
  ],
  isEmpty: ({ rows }) => rows.length === 0,
  nothing: 'There is no agent yet. The dialer makes them.',
  chart({ rows }) {
    const signedIn = (/** @type {any} */ row) => STATES.reduce((sum, state) => sum + row[`${state}_secs`], 0)
    const bars = [...rows].sort((a, b) => signedIn(b) - signedIn(a)).map(row => ({
      label: row.agent,
      text: `${written(row.occupancy, 'percent')} occupancy`,
      parts: STATES.map(state => ({
        share: of(row[`${state}_secs`], signedIn(row)), kind: state, text: `${state} ${written(row[`${state}_secs`], 'seconds')}`
      }))
    }))
    return barChart('Time signed in, by state', bars, STATES.map(state => ({ kind: state, label: state })))
  },
  tables: ({ rows, totals }) => [{
    caption: 'By agent',
    section: null,
    rows,
    totals: { agent: 'All agents', ...totals },
    columns: [
      { key: 'agent', label: 'Agent', unit: 'text' },
      { key: 'state', label: 'State now', unit: 'text' },
      { key: 'state_since', label: 'Since', unit: 'instant' },
      { key: 'calls', label: 'Calls', unit: 'count' },
      { key: 'talk_secs', label: 'Talk time', unit: 'seconds' },
      { key: 'available_secs', label: 'Available', unit: 'seconds' },
      { key: 'busy_secs', label: 'Busy', unit: 'seconds' },
      { key: 'wrap_secs', label: 'Wrap', unit: 'seconds' },
      { key: 'break_secs', label: 'Break', unit: 'seconds' },
      { key: 'offline_secs', label: 'Offline', unit: 'seconds' },
      { key: 'occupancy', label: 'Occupancy', unit: 'percent' },
      { key: 'qa_evaluations', label: 'Evaluations', unit: 'count' },
      { key: 'qa_avg_score', label: 'QA average', unit: 'score' }
    ]
  }]
}
