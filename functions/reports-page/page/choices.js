// Which period a report is about, and by whose clocks.

import { el } from './dom.js'
import { CHOICES, days, ofDays } from './periods.js'
import { ownZone } from './zones.js'

/**
 * The form. `go` is called with what changed of the place.
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 * @param {(change: Partial<import('./address.js').Place>) => void} go
 */
export function choices(place, window, go) {
  const shown = days(window)
  const date = (/** @type {string} */ id, /** @type {string} */ value) => el('input', {
    type: 'date', id, value, required: true, min: '2000-01-01', max: '2999-12-30', 'data-focus': id
  })
  const [first, last, zone] = [date('first', shown.first), date('last', shown.last), zones(place.zone)]

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    last.setCustomValidity(last.value < first.value ? 'The last day is before the first' : '')
    if (!form.reportValidity()) return
    // Only other clocks: the period stays the one that was chosen.
    if (place.choice && first.value === shown.first && last.value === shown.last) return go({ zone: zone.value })
    const { from, to } = ofDays(first.value, last.value, zone.value)
    go({ choice: null, from, to, zone: zone.value })
  }

  const form = el('form', { class: 'choices', onsubmit: submit, onchange: () => last.setCustomValidity('') },
    el('div', { class: 'periods', role: 'group', 'aria-label': 'Period' },
      Object.entries(CHOICES).map(([choice, label]) => el('button', {
        type: 'button', 'aria-pressed': String(place.choice === choice), 'data-focus': choice,
        onclick: () => go({ choice: /** @type {any} */ (choice), from: null, to: null, zone: zone.value })
      }, label))),
    el('div', { class: 'own-range' },
      pair('From', first), pair('to', last), pair('Time zone', zone),
      el('button', { type: 'submit', 'data-focus': 'show' }, 'Show')))
  return form
}

/** @param {string} label @param {HTMLElement} input */
function pair(label, input) {
  return el('span', { class: 'pair' }, el('label', { for: input.id }, label), input)
}

/** @param {string} chosen */
function zones(chosen) {
  const near = [...new Set([chosen, ownZone(), 'UTC'])]
  const others = Intl.supportedValuesOf('timeZone').filter(zone => !near.includes(zone))
  const options = (/** @type {string[]} */ names) => names.map(zone => el('option', { value: zone, selected: zone === chosen }, zone))
  return el('select', { id: 'zone', 'data-focus': 'zone' },
    el('optgroup', { label: 'Nearest' }, options(near)), el('optgroup', { label: 'All' }, options(others)))
}
