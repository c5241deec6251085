"""Hands that use a page: with a mouse (and with or without script), or with the keyboard alone. Stories take either."""

from typing import Any, Protocol

from playwright.sync_api import Page

MOST_TABS = 200

WHERE_FOCUS_IS = """() => {
  const here = document.activeElement
  const words = element => (element?.innerText ?? '').trim().replace(/\\s+/g, ' ')
  const label = here.labels?.[0] ? words(here.labels[0]) : ''
  return {
    tag: here.tagName,
    kind: here.type ?? '',
    words: label || words(here),
    question: words(here.closest('fieldset')?.querySelector('legend')),
    shown: here.getClientRects().length > 0,
  }
}"""


class Hands(Protocol):
    """What a person does with a page."""

    page: Page

    def press(self, words: str) -> None:
        """Press the button, or follow the link, that says these words."""

    def choose(self, question: str, answer: str) -> None:
        """Choose one of the radios of a question."""

    def write(self, label: str, text: str) -> None:
        """Write in a field."""

    def pick(self, label: str, words: str) -> None:
        """Pick what begins with these words from a list that drops down."""

    def tick(self, label: str) -> None:
        """Tick a box."""


class Mouse:
    """Clicks on what is on the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, words: str) -> None:
        """Click on the first button or link that has these words."""
        self.page.locator("button:visible, a:visible, summary:visible").filter(has_text=words).first.click()

    def choose(self, question: str, answer: str) -> None:
        """Click on the answer's radio."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_role("radio", name=answer, exact=True).check()

    def write(self, label: str, text: str) -> None:
        """Fill the field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def pick(self, label: str, words: str) -> None:
        """Choose the option."""
        listed = self.page.get_by_label(label, exact=True)
        listed.select_option(label=next(text for text in listed.locator("option").all_inner_texts() if words in text))

    def tick(self, label: str) -> None:
        """Click on the box."""
        self.page.get_by_label(label, exact=True).check()


class Keyboard:
    """Reaches everything with Tab, and never touches a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, words: str) -> None:
        """Go to the button or link and press Enter."""
        self._to(lambda here: here["tag"] in ("A", "BUTTON", "SUMMARY") and words in here["words"], words)
        self.page.keyboard.press("Enter")

    def choose(self, question: str, answer: str) -> None:
        """Go to the question, and with the arrows to the answer."""
        here = self._to(lambda here: here["kind"] == "radio" and here["question"] == question, question)
        first = here["words"]
        while here["words"] != answer:
            self.page.keyboard.press("ArrowDown")
            here = self.page.evaluate(WHERE_FOCUS_IS)
            assert here["words"] != first, f"{question!r} has no answer {answer!r}"
        self.page.keyboard.press("Space")

    def write(self, label: str, text: str) -> None:
        """Go to the field and type over what it holds."""
        self._to(lambda here: here["tag"] in ("INPUT", "TEXTAREA") and here["words"] == label, label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def pick(self, label: str, words: str) -> None:
        """Go to the list and type the beginning of the option's words."""
        self._to(lambda here: here["tag"] == "SELECT" and here["words"].startswith(label), label)
        self.page.keyboard.type(words)

    def tick(self, label: str) -> None:
        """Go to the box and press Space."""
        self._to(lambda here: here["kind"] == "checkbox" and here["words"] == label, label)
        self.page.keyboard.press("Space")

    def _to(self, wanted: Any, words: str) -> dict[str, Any]:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here: dict[str, Any] = self.page.evaluate(WHERE_FOCUS_IS)
            if wanted(here):
                assert here["shown"], f"{words!r} has focus but is not on the screen"
                return here
        raise AssertionError(f"{self.page.url}: the keyboard does not reach {words!r}")


class Steps:
    """Counts what an everyday task takes from where it begins: each press is a step, typing is none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taken = 0

    def press(self, words: str) -> None:
        """Press, and count it."""
        Mouse(self.page).press(words)
        self.taken += 1
