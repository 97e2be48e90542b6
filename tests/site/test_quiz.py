"""The quiz: options that unfold to their answers, and a score that the browser keeps."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.site.browser import Reader, listen
from tests.site.test_accessibility import violations

pytestmark = pytest.mark.browser

PAGE = "learn/quiz/"
QUESTIONS = """() => {
  const found = [];
  for (const one of document.querySelectorAll(".md-content :is(h3, details)")) {
    if (one.matches("h3")) found.push({ id: one.id, options: [] });
    else found.at(-1).options.push({
      right: one.matches(".right"), wrong: one.matches(".wrong"), answer: one.querySelector("p")?.textContent ?? "",
      figures: one.querySelectorAll('a[href*="/figures/"]').length, claims: one.querySelectorAll(".vg-claim").length,
    });
  }
  return found;
}"""


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with reader.page(PAGE) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


@pytest.fixture(scope="module")
def questions(reader: Reader) -> list[dict[str, Any]]:
    with reader.page(PAGE) as page:
        found: list[dict[str, Any]] = page.evaluate(QUESTIONS)
    return found


def choose(page: Page, kind: str, number: int = 0) -> None:
    """Open the first right or wrong option of a question."""
    heading = page.locator(".md-content h3").nth(number)
    heading.locator(f"xpath=following-sibling::details[contains(@class, '{kind}')][1]/summary").click()


def score(page: Page, words: str) -> None:
    """Wait until the score says this."""
    expect(page.get_by_role("status")).to_contain_text(words)


def test_there_are_enough_questions_on_the_problem_its_mitigation_and_its_cure(questions: list[dict[str, Any]]) -> None:
    assert len(questions) >= 18
    assert {"cause", "activation", "architecture"} <= {question["id"] for question in questions}


def test_every_question_has_one_right_option_among_three_or_four(questions: list[dict[str, Any]]) -> None:
    sizes = {question["id"]: len(question["options"]) for question in questions}
    assert {name: size for name, size in sizes.items() if size not in (3, 4)} == {}
    rights = {question["id"]: sum(option["right"] for option in question["options"]) for question in questions}
    assert {name: right for name, right in rights.items() if right != 1} == {}


def test_the_right_option_is_not_always_in_the_same_place(questions: list[dict[str, Any]]) -> None:
    places = [[option["right"] for option in question["options"]].index(True) for question in questions]
    assert max(map(places.count, places)) <= 0.6 * len(places)


def test_every_option_is_answered(questions: list[dict[str, Any]]) -> None:
    words = [
        (question["id"], option["answer"].split(" ")[0].strip(".,:"), "Right" if option["right"] else "No")
        for question in questions
        for option in question["options"]
    ]
    assert [(name, said) for name, said, due in words if said != due] == []


def test_every_right_answer_names_its_figure_and_a_number(questions: list[dict[str, Any]]) -> None:
    right = {question["id"]: next(one for one in question["options"] if one["right"]) for question in questions}
    assert [name for name, option in right.items() if not (option["figures"] and option["claims"])] == []


def test_without_javascript_an_option_unfolds_to_its_answer(reader: Reader) -> None:
    with reader.page(PAGE, java_script_enabled=False) as page:
        choose(page, "right")
        expect(page.locator("details.right[open] p").first).to_be_visible()
        expect(page.locator("details.wrong p").first).to_be_hidden()


def test_the_keyboard_opens_an_option(page: Page) -> None:
    page.locator("details summary").first.focus()
    page.keyboard.press("Enter")
    score(page, "1 of")


def test_the_first_option_counts(page: Page) -> None:
    choose(page, "wrong")
    score(page, "Not right. 1 of")
    choose(page, "right")
    score(page, "0 right at the first try")
    choose(page, "right", 1)
    score(page, "Right. 2 of")
    score(page, "1 right at the first try")


def test_the_score_is_kept(page: Page) -> None:
    choose(page, "right")
    score(page, "1 right")
    page.reload()
    score(page, "1 right at the first try")
    expect(page.locator(".md-content h3").first).to_have_attribute("data-first", "right")
    choose(page, "wrong")
    score(page, "1 right")


def test_start_again_forgets_the_score(page: Page) -> None:
    choose(page, "right")
    score(page, "1 right")
    page.get_by_role("button", name="Start again").click()
    score(page, "0 of")
    expect(page.locator("details[open]")).to_have_count(0)
    page.reload()
    score(page, "0 of")


def test_a_browser_that_keeps_nothing_counts_all_the_same(reader: Reader) -> None:
    with reader.context() as context:
        context.add_init_script("Storage.prototype.setItem = Storage.prototype.getItem = () => { throw Error('no') }")
        page = context.new_page()
        page.goto(reader.book.url + PAGE)
        choose(page, "right")
        score(page, "1 right")


def test_the_score_is_kept_on_the_way_to_another_page_in_place(page: Page) -> None:
    choose(page, "right")
    score(page, "1 right")
    page.locator(".md-footer__link").first.click()
    page.wait_for_url(re.compile(f"^(?!.*{PAGE}).*$"))
    page.go_back()
    score(page, "1 right at the first try")


def test_axe_finds_nothing_in_the_answers(page: Page) -> None:
    page.evaluate("for (const option of document.querySelectorAll('details')) option.open = true")
    score(page, "21 of 21")
    assert violations(page) == []
