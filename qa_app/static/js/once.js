// Forms with data-once are sent once however often the button is pressed. The server has its own guard; this saves a wait.
const sent = 'data-once-sent'

function release (form) {
  form.removeAttribute(sent)
  for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled')
}

export function startOnce () {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.matches('[data-once]')) return
    if (form.hasAttribute(sent)) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    form.setAttribute(sent, '')
    event.submitter?.setAttribute('aria-disabled', 'true')
  }, true)
  document.addEventListener('htmx:finally:request', (event) => {
    const form = event.target.closest?.('[data-once]')
    if (form) release(form)
  })
  // Back brings the page as it was left, with its guard still on.
  window.addEventListener('pageshow', () => document.querySelectorAll(`[${sent}]`).forEach(release))
}
