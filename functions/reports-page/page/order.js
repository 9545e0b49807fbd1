// The form that orders an on-demand report.

import * as api from './api.js'
import { action, el } from './dom.js'
import { TYPES } from './on-demand.js'
import * as session from './session.js'

/** The tables that a CSV can have, by type; the first is that of a CSV that names none. */
const SECTIONS = /** @type {Record<string, string[]>} */ ({
  call_summary: ['by_date', 'by_campaign', 'dispositions'],
  qa_performance: ['parameter_breakdown', 'trend', 'by_agent', 'by_campaign'],
  compliance_audit: ['violations', 'by_rule', 'by_severity'],
  agent_coaching: ['agents'],
  campaign_performance: ['campaigns', 'disposition_mix', 'sentiment_trend'],
  cdr_export: ['calls']
})

/**
 * @param {{ first: string, last: string }} days What the form begins with.
 * @param {(report: any) => void} onOrdered Is called with the report as it is listed.
 */
export function orderForm({ first, last }, onOrdered) {
  const type = select('type', Object.entries(TYPES))
  const from = el('input', { type: 'date', id: 'order-from', value: first, required: true })
  const to = el('input', { type: 'date', id: 'order-to', value: last, required: true })
  const format = select('format', [['pdf', 'PDF'], ['csv', 'CSV'], ['json', 'JSON']])
  const section = select('section', [])
  const problem = el('p', { class: 'problem', role: 'alert' })
  const fields = /** @type {Record<string, HTMLElement>} */ ({ type, from, to, format, section })

  /** Raw calls are CSV only, and only a CSV is of one table. */
  function fit() {
    const isRaw = type.value === 'cdr_export'
    for (const option of format.options) option.disabled = isRaw && option.value !== 'csv'
    if (isRaw) format.value = 'csv'
    if (section.dataset.type !== type.value) {
      section.dataset.type = type.value
      section.replaceChildren(...SECTIONS[type.value].map(name => el('option', { value: name }, name.replaceAll('_', ' '))))
    }
    section.disabled = format.value !== 'csv' || isRaw
  }
  fit()

  const button = action({ type: 'submit' }, 'Order', async () => {
    for (const field of Object.values(fields)) field.removeAttribute('aria-invalid')
    problem.textContent = ''
    const body = {
      type: type.value, from: from.value, to: to.value, format: format.value,
      ...section.disabled ? {} : { section: section.value }
    }
    try {
      // One press is one order, however often the request has to be sent.
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': session.random() }
      const receipt = await api.json('reports', { body, headers })
      onOrdered({ from: body.from, to: body.to, ...receipt })
    } catch (error) {
      if (!(error instanceof api.Problem)) {
        console.error(error)
        problem.textContent = 'This page made a mistake. Reload it, and look whether the report is in the list.'
        return
      }
      if (error.status === 401) return session.refused()
      for (const { field } of error.errors) fields[field]?.setAttribute('aria-invalid', 'true')
      problem.textContent = error.errors.map(({ field, message }) => `${field} ${message}`).join('; ').replaceAll('`', '') || error.message
    }
  })

  return el('form', { class: 'choices order', 'aria-label': 'Order a report', onchange: fit },
  field('Report', type), field('From', from), field('To, included', to), field('Format', format), field('Table', section),
  el('div', { class: 'field' }, button), problem)
}

/** @param {string} label @param {HTMLElement} input */
function field(label, input) {
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input)
}

/** @param {string} name @param {[string, string][]} choices */
function select(name, choices) {
  return el('select', { id: `order-${name}` }, choices.map(([value, label]) => el('option', { value }, label)))
}
