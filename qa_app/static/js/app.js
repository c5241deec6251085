// The one script of every page. Every page also works without it.
import {
  Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink, createAll
} from 'govuk-frontend'
import 'htmx.org'
import { startAutosave } from './autosave.js'
import { startMessages } from './messages.js'
import { startOnce } from './once.js'
import { startSwaps } from './swaps.js'
import { startTimeout } from './timeout.js'

// ARIA has no aria-expanded for radios, so assistive technology may read it wrongly; the choice itself says enough.
class PlainRadios extends Radios {
  syncConditionalRevealWithInputState (input) {
    super.syncConditionalRevealWithInputState(input)
    input.removeAttribute('aria-expanded')
  }
}

const components = [Button, CharacterCount, Checkboxes, ErrorSummary, PlainRadios, ServiceNavigation, SkipLink]

function start (scope) {
  // GOV.UK's template does this in an inline script, which our content security policy does not allow. Again after each
  // swap, since Back may bring a new body.
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
  const onError = (error) => {
    // A part of the page that was there before the swap has its component already.
    if (error.name !== 'InitError') console.error(error)
  }
  for (const component of components) createAll(component, undefined, { scope, onError })
  startAutosave(scope)
}

start(document)
startMessages()
startOnce()
startSwaps(start)
startTimeout()
