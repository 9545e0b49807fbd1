// Starts the page: who is here, which place the address names, and what is shown there.

import * as address from './address.js'
import { agents } from './agents.js'
import * as api from './api.js'
import { callVolume } from './call-volume.js'
import { campaigns } from './campaigns.js'
import { compliance } from './compliance.js'
import { dispositions } from './dispositions.js'
import { announce, el, fill, keepingFocus } from './dom.js'
import { showOnDemand } from './on-demand.js'
import { showReport } from './report-view.js'
import * as session from './session.js'
import { goAndSignIn, showSignIn } from './sign-in.js'

/**
 * Whom the token stands for.
 * @typedef {{ id: string, slug: string | null, name: string | null }} Tenant
 * @typedef {{ user_id: string, role: string, tenant: Tenant, tenants: Tenant[] | null }} Caller
 */

const REPORTS = [campaigns, agents, callVolume, compliance, dispositions]
const NAMES = REPORTS.map(report => report.name)

const header = /** @type {HTMLElement} */ (document.getElementById('header'))
const content = /** @type {HTMLElement} */ (document.getElementById('content'))

/** Ends what is shown when something else is. */
let shown = new AbortController()
/** @type {Promise<Caller | null>} Asked once; null where it could not be told. */
let caller = Promise.resolve(null)

function enter() {
  caller = api.json('caller').catch(() => null)
  show()
}

/** Shows what the address names. */
function show() {
  shown.abort()
  if (session.token() === null) return signIn(null)
  shown = new AbortController()
  const place = address.read(location.search, NAMES)
  const report = REPORTS.find(report => report.name === place.report)
  document.title = `${report?.title ?? 'On-demand reports'} – Callmetry`
  keepingFocus(() => {
    drawHeader(place)
    if (report) showReport(content, report, place, change => go({ ...place, ...change }), shown.signal)
    else showOnDemand(content, place, shown.signal)
  })
}

/** Shows another place, and remembers this one. @param {address.Place} place */
function go(place) {
  history.pushState(null, '', address.written(place))
  show()
}

/** @param {string | null} why */
function signIn(why) {
  shown.abort()
  fill(header, brand())
  document.title = 'Sign in – Callmetry'
  if (why === null && session.isObvious()) {
    signingIn()
    goAndSignIn(content, session.issuers[0], enter)
  } else showSignIn(content, why, enter)
}

function signingIn() {
  announce('Signing in')
  fill(content, el('p', { class: 'status' }, 'Signing in …'))
}

/** @param {address.Place} place */
function drawHeader(place) {
  const places = [...REPORTS, { name: address.ON_DEMAND, title: 'On demand' }]
  const who = el('span', { class: 'who' })
  fill(header, brand(),
    el('nav', { 'aria-label': 'Reports' }, places.map(({ name, title }) => {
      const target = { ...place, report: name, id: null }
      return el('a', {
        href: address.written(target), 'aria-current': name === place.report ? 'page' : null,
        onclick: (/** @type {MouseEvent} */ event) => {
          // Whoever wants another tab gets one.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
          event.preventDefault()
          go(target)
          content.focus({ preventScroll: true })
          scrollTo(0, 0)
        }
      }, title)
    })),
    who, el('button', { type: 'button', class: 'quiet', onclick: leave }, 'Sign out'))
  // On a narrow screen it may be out of sight.
  header.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  caller.then(known => {
    // On-demand reports are those of one's own tenant, whichever is chosen.
    if (known && !shown.signal.aborted) fill(who, known.tenants && place.report !== address.ON_DEMAND ? tenants(place, known) : named(known.tenant))
    if (known) who.title = `${known.user_id}, ${known.role.replace('_', ' ')}`
  })
}

/** Whose numbers these are, for those who may choose. @param {address.Place} place @param {Caller} caller */
function tenants(place, { tenant, tenants }) {
  const chosen = place.tenant ?? tenant.id
  const options = (tenants ?? []).map(one => el('option', { value: one.id, selected: one.id === chosen }, named(one)))
  // One that a link names and nobody told us of.
  if (!tenants?.some(({ id }) => id === chosen)) options.unshift(el('option', { value: chosen, selected: true }, chosen))
  return el('select', {
    id: 'tenant', 'aria-label': 'Tenant', 'data-focus': 'tenant',
    onchange: (/** @type {any} */ event) => {
      go({ ...place, tenant: event.target.value === tenant.id ? null : event.target.value, id: null })
      // The header is drawn anew, this list as soon as the caller is known, which is at once.
      caller.then(() => document.getElementById('tenant')?.focus())
    }
  }, options)
}

/** @param {Tenant} tenant */
function named({ name, slug, id }) {
  return name ?? slug ?? id
}

function brand() {
  return el('a', { class: 'brand', href: location.pathname }, 'Callmetry')
}

function leave() {
  session.leave()
  signIn('You have signed out.')
}

document.addEventListener('refused', () => {
  session.expire()
  signIn(session.isRenewable() ? null : 'Your session has ended: the key or token is not good any more. Sign in again.')
})
addEventListener('popstate', show)
document.querySelector('.skip')?.addEventListener('click', event => {
  event.preventDefault()
  content.focus()
})

if (new URLSearchParams(location.search).has('state')) signingIn()
const problem = await session.comeBack()
if (problem !== null) signIn(problem)
else if (session.token() !== null) enter()
else signIn(null)
