// A session ends when nobody has used it for a time. Two minutes before, #notice says so with a button to stay, in place.
// The body's data-signed-in-for says in how many seconds that is, data-signed-in-most when it ends however much it is used.
// Every answer holds the first of them anew in X-Signed-In-For. Another tab may have used the session meanwhile, so the
// server is asked before anything is said; asking, like autosave, is no use of it.
import { anchor } from './messages.js'
import { renewToken } from './tokens.js'

const WARN = 2 * 60_000
const ASK_AGAIN = 20_000

class Timeout {
  constructor ({ signedInFor, signedInMost }) {
    this.learn(signedInFor, signedInMost)
    document.addEventListener('htmx:before:response', (event) => {
      const left = event.detail.ctx.response.headers.get('X-Signed-In-For')
      if (left) this.learn(left)
      if (left) this.check()
    })
    // A machine that slept runs its timers late.
    for (const name of ['focus', 'pageshow', 'online']) window.addEventListener(name, () => this.check())
    document.addEventListener('visibilitychange', () => this.check())
    this.check()
  }

  learn (left, most) {
    this.end = Date.now() + left * 1000
    if (most) this.latest = Date.now() + most * 1000
  }

  get left () {
    return this.end - Date.now()
  }

  async check () {
    if (this.busy) return
    clearTimeout(this.timer)
    if (this.left <= WARN) await this.ask(false)
    if (this.left > WARN) this.hide()
    else if (this.left > 0) this.warn()
    else this.sayEnded()
    const wait = this.left > WARN ? this.left - WARN : Math.min(this.left, ASK_AGAIN)
    if (wait > 0) this.timer = setTimeout(() => this.check(), wait)
  }

  // Whether the server could be asked; `use` counts as using the session.
  async ask (use) {
    const token = document.querySelector('input[name=csrf_token]')?.value ?? ''
    const headers = { 'HX-Request': 'true', 'X-CSRFToken': token }
    if (!use) headers['X-Live'] = '1'
    this.busy = true
    try {
      const response = await fetch(document.body.dataset.stay, { method: 'POST', headers, redirect: 'error' })
      if (response.ok) this.learn(response.headers.get('X-Signed-In-For'))
      else if (response.status === 401) this.learn(0)
      else if (response.status === 400) await this.learnAnew()
      return response.ok || response.status < 500
    } catch {
      return false
    } finally {
      this.busy = false
    }
  }

  async learnAnew () {
    const page = await renewToken()
    if (page) this.learn(page.body.dataset.signedInFor, page.body.dataset.signedInMost)
    else this.learn(0)
  }

  async stay () {
    if (this.busy) return
    const asked = await this.ask(true)
    if (!asked) this.text.textContent = 'There is no connection. Check your network and press again.'
    if (!asked) return
    if (this.left > WARN) this.leaveButton()
    this.check()
  }

  leaveButton () {
    this.hide()
    const region = document.getElementById('announce')
    if (region) region.textContent = 'You stay signed in.'
    this.before?.focus()
  }

  warn () {
    if (this.end >= this.latest - 1000) {
      this.show(`You will be signed out at ${clock(this.end)}, because you signed in long ago. Finish what you are doing, then sign in again.`)
      return
    }
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'govuk-button app-message__button'
    button.textContent = 'Stay signed in'
    button.addEventListener('focus', (event) => { this.before = event.relatedTarget })
    button.addEventListener('click', () => this.stay())
    this.show(`You will be signed out at ${clock(this.end)}. If you stay, nothing on this page changes.`, button)
  }

  sayEnded () {
    const href = document.body.dataset.signIn
    const link = anchor({ href, text: 'Sign in again', newTab: true })
    this.show('You have been signed out. What you typed stays on this page: sign in, then come back to it.', link)
  }

  show (words, control) {
    // The same words again would be read out again.
    if (this.box?.isConnected && this.words === words) return
    const region = document.getElementById('notice')
    if (!region) return
    this.hide()
    this.words = words
    this.text = document.createElement('p')
    this.text.className = 'app-message__text'
    this.text.textContent = words
    this.box = document.createElement('div')
    this.box.className = 'app-message app-message--information app-message--timeout'
    this.box.append(this.text)
    if (control) this.box.append(control)
    region.append(this.box)
  }

  hide () {
    this.box?.remove()
  }
}

function clock (instant) {
  return new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

export function startTimeout () {
  if (document.body.dataset.stay) return new Timeout(document.body.dataset)
}
