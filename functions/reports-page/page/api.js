// Requests to the API, with the visitor's token. A database that sleeps is waited for.

import * as session from './session.js'

/** How long a request may take before somebody is told that the database is waking up. */
const PATIENCE = 2_500
/** How often a request is sent again that found the database asleep; the service itself waits nearly half a minute each time. */
const TRIES = 4

/** Why a request has no good answer, as the API says it (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {number} status 0 where there was no answer at all.
   * @param {string} detail
   * @param {{ field: string, message: string }[]} [errors]
   * @param {string} [requestId]
   */
  constructor(status, detail, errors = [], requestId = '') {
    super(detail)
    this.status = status
    this.errors = errors
    this.requestId = requestId
  }
}

/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {() => void} [onSlow] Called when the answer takes so long that the database must be asleep.
 * @property {any} [body] Is sent as JSON, by POST.
 * @property {Record<string, string>} [headers]
 */

/**
 * Sends a request to a path below `/api/v1/`.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Response>} One that is good.
 */
export async function request(path, { signal, onSlow, body, headers = {} } = {}) {
  const url = new URL(`api/v1/${path}`, new URL('.', location.href))
  const token = session.token()
  const slow = onSlow && setTimeout(onSlow, PATIENCE)
  try {
    for (let left = TRIES; ; left -= 1) {
      const answer = await once(url, {
        method: body === undefined ? 'GET' : 'POST',
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: { Authorization: `Bearer ${token}`, ...headers },
        cache: 'no-store', credentials: 'omit', signal
      })
      if (answer.ok) return answer
      if (answer.status !== 503 || left === 1) throw await problem(answer)
      onSlow?.()
      await pause(Number(answer.headers.get('Retry-After')) || 3, signal)
    }
  } finally {
    clearTimeout(slow)
  }
}

/** The JSON of a good answer. @param {string} path @param {Options} [options] */
export async function json(path, options) {
  return (await request(path, { ...options, headers: { Accept: 'application/json', ...options?.headers } })).json()
}

/**
 * Saves a good answer as a file, under the name that the API gives it.
 * @param {string} path
 * @param {Options} [options]
 */
export async function save(path, options) {
  const answer = await request(path, options)
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1]
  saveBlob(await answer.blob(), name ?? 'report')
}

/** @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** @param {URL} url @param {RequestInit} init */
async function once(url, init) {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Problem(0, 'The service cannot be reached. Is there a connection?')
  }
}

/** @param {Response} answer */
async function problem(answer) {
  const body = await answer.json().catch(() => ({}))
  // What API Gateway answers itself has a message only.
  return new Problem(answer.status, body.detail ?? body.message ?? answer.statusText, body.errors, body.request_id)
}

/** @param {number} seconds @param {AbortSignal} [signal] */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1_000)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
