"""Steps that people take: signing in, answering a question of any kind, choosing in a story."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Learner
from training.demonstration import PASSWORD
from training.domain.module import Question, QuestionKind

CHOSEN_FROM_LIST = (QuestionKind.ORDER, QuestionKind.MATCH)


def follow(page: Page, pressed: Locator) -> None:
    """Press what leads to another page, and wait until that page is loaded and its script has run."""
    with page.expect_navigation():
        pressed.click()


def sign_in(page: Page, learner: Learner) -> None:
    """Sign in and arrive at home."""
    page.goto("/sign-in")
    fill_in_sign_in(page, learner)
    expect(page).to_have_url("/home")


def demonstrator(name: str) -> Learner:
    """Return one of the sign-ins that the README names."""
    return Learner(person_id=None, sign_in_name=f"{name}@demo.example", password=PASSWORD)


def fill_in_sign_in(page: Page, learner: Learner) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("E-mail address or sign-in name").fill(learner.sign_in_name)
    page.get_by_label("Password", exact=True).fill(learner.password)
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign in"))


def begin(page: Page, slug: str) -> None:
    """Begin a module, the whole of it, and arrive at its first card."""
    page.goto(f"/modules/{slug}")
    whole = page.get_by_role("button", name="Take the whole module instead")
    follow(page, whole if whole.count() else page.get_by_role("button", name="Begin"))
    expect(page).to_have_url(f"/modules/{slug}/cards/1")


def question_on(page: Page, question: Question) -> Locator:
    """Return the box of a question."""
    return page.locator(f"#question-{question.id}")


def fill_in(page: Page, question: Question, keys: list[str]) -> None:
    """Choose an answer, given as the rules have it, without sending it."""
    box, labels = question_on(page, question), {option.key: option.partner for option in question.options}
    if question.kind is QuestionKind.ORDER:
        for place, key in enumerate(keys, start=1):
            box.locator(f"[name='answer-{key}']").select_option(str(place))
    elif question.kind is QuestionKind.MATCH:
        for key, other in (pair.split("=") for pair in keys):
            box.locator(f"[name='answer-{key}']").select_option(label=labels[other])
    else:
        for key in keys:
            box.locator(f"label[for='question-{question.id}-{key}']").click()


def send(page: Page, question: Question) -> None:
    """Send the answer that was chosen."""
    question_on(page, question).get_by_role("button", name="Check my answer").click()
