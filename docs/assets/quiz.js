// The score of the quiz: the first option that a reader opens counts, and is kept in this browser.
(() => {
  const score = document.querySelector(".vg-score");
  if (!score || score.nextElementSibling?.matches("button")) return;
  const KEY = "vanishing-gradients-quiz";

  const questions = new Map(); // a question's id, and whether the first option opened was right
  for (const { id } of document.querySelectorAll(".md-content h3[id]")) questions.set(id);
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
    for (const id of questions.keys()) questions.set(id, kept[id]);
  } catch {} // a browser that keeps nothing, or kept something else
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(questions)));
    } catch {}
  };

  const tell = (verdict = "") => {
    for (const [id, right] of questions) {
      const { dataset } = document.getElementById(id);
      if (right === undefined) delete dataset.first;
      else dataset.first = right ? "right" : "wrong";
    }
    const answers = [...questions.values()].filter((right) => right !== undefined);
    const right = answers.filter(Boolean).length;
    score.textContent = `${verdict}${answers.length} of ${questions.size} answered, ${right} right at the first try.`;
  };

  const options = document.querySelectorAll(".md-content details:is(.right, .wrong)");
  let question;
  for (const one of document.querySelectorAll(".md-content :is(h3[id], details:is(.right, .wrong))")) {
    if (one.matches("h3")) question = one.id;
    else one.addEventListener("toggle", answer.bind(null, question, one));
  }
  function answer(id, option) {
    if (!option.open) return;
    const right = option.matches(".right");
    if (questions.get(id) === undefined) questions.set(id, right);
    keep();
    tell(right ? "Right. " : "Not right. ");
  }

  const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Start again" });
  again.className = "vg-again";
  again.addEventListener("click", () => {
    for (const option of options) option.open = false;
    for (const id of questions.keys()) questions.set(id);
    keep();
    tell();
  });
  score.after(again);
  tell();
})();
