// What a report is about: its period, its zone, and for a platform admin its tenant.

import { el } from './dom.js'
import { CHOICES, days, ofDays } from './periods.js'
import { isZone, ownZone } from './zones.js'

/**
 * The form. `go` is called with what changed of the place.
 * @param {import('./address.js').Place} place
 * @param {import('./periods.js').Window} window
 * @param {import('./main.js').Caller | null} caller
 * @param {(change: Partial<import('./address.js').Place>) => void} go
 */
export function choices(place, window, caller, go) {
  const { first, last } = days(window)
  const from = el('input', { type: 'date', id: 'first', value: first, required: true, min: '2000-01-01', max: '9999-12-30' })
  const to = el('input', { type: 'date', id: 'last', value: last, required: true, min: '2000-01-01', max: '9999-12-30' })
  const own = el('form', {
    class: 'own-range',
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault()
      to.setCustomValidity(to.value < from.value ? 'The last day is before the first' : '')
      if (!own.reportValidity()) return
      const chosen = ofDays(from.value, to.value, place.zone)
      go({ choice: null, from: chosen.from, to: chosen.to })
    },
    onchange: () => to.setCustomValidity('')
  },
  el('label', { for: 'first' }, 'From'), from, el('label', { for: 'last' }, 'to'), to, el('button', { type: 'submit' }, 'Show'))
  return el('div', { class: 'choices' },
    el('div', { class: 'periods', role: 'group', 'aria-label': 'Period' },
      Object.entries(CHOICES).map(([choice, label]) => el('button', {
        type: 'button', 'aria-pressed': String(place.choice === choice),
        onclick: () => go({ choice: /** @type {any} */ (choice), from: null, to: null })
      }, label))),
    own,
    el('div', { class: 'field' }, el('label', { for: 'zone' }, 'Time zone'), zones(place, window, go)),
    el('div', { class: 'field tenants', hidden: !caller?.tenants && !place.tenant }, tenants(place, caller, go)))
}

/** @param {import('./address.js').Place} place @param {import('./periods.js').Window} window @param {(change: any) => void} go */
function zones(place, window, go) {
  const near = [...new Set([place.zone, ownZone(), 'UTC'])]
  const others = Intl.supportedValuesOf('timeZone').filter(zone => !near.includes(zone))
  const options = (/** @type {string[]} */ names) => names.map(zone => el('option', { value: zone, selected: zone === place.zone }, zone))
  return el('select', {
    id: 'zone',
    onchange: (/** @type {any} */ event) => {
      const zone = event.target.value
      if (!isZone(zone)) return
      if (place.choice) return go({ zone })
      // The same days, by other clocks.
      const { first, last } = days(window)
      const moved = ofDays(first, last, zone)
      go({ zone, from: moved.from, to: moved.to })
    }
  }, el('optgroup', { label: 'Nearest' }, options(near)), el('optgroup', { label: 'All' }, options(others)))
}

/** @param {import('./address.js').Place} place @param {import('./main.js').Caller | null} caller @param {(change: any) => void} go */
function tenants(place, caller, go) {
  const chosen = place.tenant ?? caller?.tenant.id
  const known = caller?.tenants ?? []
  const options = known.map(({ id, name, slug }) => el('option', { value: id, selected: id === chosen }, name ?? slug ?? id))
  // One that a link names and nobody told us of.
  if (chosen && !known.some(({ id }) => id === chosen)) options.unshift(el('option', { value: chosen, selected: true }, chosen))
  return [
    el('label', { for: 'tenant' }, 'Tenant'),
    el('select', {
      id: 'tenant',
      onchange: (/** @type {any} */ event) => go({ tenant: event.target.value === caller?.tenant.id ? null : event.target.value })
    }, options)
  ]
}
