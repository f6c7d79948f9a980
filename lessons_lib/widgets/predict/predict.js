// A question: choices, a number or a cell of a grid, then a commit. What is shown follows from the model alone, and
// every part is made once: so the focus is never lost, and the live region speaks.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const SILENT = 5000; // milliseconds without an answer of the kernel

class QuestionView {
  constructor(model, host) {
    // ipywidgets keeps `host` for good, so nothing of ours may hang on it but for the one element that goes.
    this.root = element("div", "lesson-question");
    host.append(this.root);
    [this.model, this.question] = [model, model.get("question")];
    this.words = this.question.words;
    this.build();
    this.react = () => this.show();
    this.heard = () => {
      clearTimeout(this.timer);
      this.complain("");
    };
    model.on("change:chosen", this.react);
    model.on("change:state", this.heard);
    this.show();
  }

  build() {
    const { root, question, words } = this;
    root.classList.toggle("lesson-question-large", question.present);
    root.tabIndex = -1;
    this.text = element("div", "lesson-question-text");
    this.text.innerHTML = question.text;
    this.text.id = `lesson-question-${Math.random().toString(36).slice(2)}`;
    this.answers = element("div", "lesson-question-answers");
    this.parts = new Map();
    if (question.choices) this.buildChoices();
    else if (question.cells) this.buildCells();
    else this.buildNumber();
    const bar = element("div", "lesson-question-bar");
    this.commit = this.button(words.commit, () => this.send());
    this.commit.hidden = Boolean(question.at_once && question.choices);
    this.hint = element("span", "lesson-question-hint", words.hint);
    bar.append(this.commit);
    if (question.present) bar.append(this.button(words.reveal, () => this.model.send({ reveal: true })));
    bar.append(this.hint);
    this.status = element("div", "lesson-question-status");
    this.status.setAttribute("role", "status");
    this.revealed = element("ul", "lesson-question-revealed");
    root.append(this.text, this.answers, bar, this.status, this.revealed);
    root.addEventListener("keydown", (event) => this.key(event));
    // JupyterLab keeps its keys away from an element that says so itself: it would make headings and new cells.
    root.addEventListener("focusin", ({ target }) => {
      target.dataset.lmSuppressShortcuts = "true";
    });
  }

  button(text, act) {
    const made = element("button", "lesson-question-button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  buildChoices() {
    this.answers.setAttribute("role", "group");
    this.answers.setAttribute("aria-labelledby", this.text.id);
    this.question.choices.forEach(([id, text], k) => {
      const made = this.button("", () => this.choose(id));
      made.className = "lesson-question-choice";
      const number = element("span", "lesson-question-number", `${k + 1}`);
      const words = element("span", "");
      words.innerHTML = text;
      made.append(number, words);
      this.parts.set(id, made);
      this.answers.append(made);
    });
  }

  buildNumber() {
    this.input = element("input", "lesson-question-input");
    Object.assign(this.input, { type: "text", inputMode: "decimal", autocomplete: "off" });
    this.input.setAttribute("aria-label", this.words.number);
    this.input.setAttribute("aria-describedby", this.text.id);
    this.input.addEventListener("input", () => this.choose(this.input.value.trim() ? this.input.value : null));
    this.answers.append(this.input);
  }

  buildCells() {
    const { cells, grey } = this.question;
    this.answers.classList.add("lesson-question-grid");
    this.answers.setAttribute("role", "grid");
    this.answers.setAttribute("aria-labelledby", this.text.id);
    this.answers.style.setProperty("--columns", cells[0].length);
    cells.forEach((row, i) => {
      const line = element("div", "lesson-question-row");
      line.setAttribute("role", "row");
      row.forEach((value, j) => {
        const cell = element("div", "lesson-question-cell", value);
        cell.setAttribute("role", "gridcell");
        cell.setAttribute("aria-label", fill(this.words.cell, { row: i, column: j, value }));
        const level = grey[i][j];
        Object.assign(cell.style, { background: `rgb(${level} ${level} ${level})`, color: level > 127 ? "#000" : "#fff" });
        cell.addEventListener("click", () => {
          cell.focus();
          this.choose([i, j]);
        });
        this.parts.set(`${i},${j}`, cell);
        line.append(cell);
      });
      this.answers.append(line);
    });
  }

  get final() {
    return this.model.get("state").final !== null;
  }

  get guess() {
    return this.final ? this.model.get("state").final : this.model.get("chosen");
  }

  choose(guess) {
    if (this.final) return;
    this.complaint = "";
    this.model.set("chosen", guess);
    this.model.send({ chosen: guess });
    if (this.question.at_once && this.question.choices) this.send();
  }

  send() {
    if (this.final) return;
    if (this.guess === null) {
      this.complain(this.words.nothing);
      return;
    }
    this.model.send({ guess: this.guess });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.complain(this.words.silent), SILENT);
  }

  complain(reason) {
    this.complaint = reason;
    this.show();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const part = this.focused();
    const choice = this.question.choices?.[Number(event.key) - 1];
    if (event.key === "Escape") {
      // The keys go back to the notebook; JupyterLab itself would leave the focus here.
      this.root.closest(".jp-Cell")?.focus();
    } else if (choice) {
      this.parts.get(choice[0]).focus();
      this.choose(choice[0]);
    } else if (event.key in STEPS && this.question.cells && part) {
      this.walk(part, STEPS[event.key]);
    } else if (event.key === "Enter" && (part || [this.input, this.root].includes(event.target))) {
      // On a part that is not the guess yet, the key makes it the guess.
      if (part && part !== `${this.guess}`) this.choose(this.question.cells ? part.split(",").map(Number) : part);
      else this.send();
    } else if (event.key === " " && this.question.cells && part) {
      this.choose(part.split(",").map(Number));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // The name of the choice or cell that has the focus.
  focused() {
    for (const [name, part] of this.parts) if (part === document.activeElement) return name;
    return undefined;
  }

  walk(from, [down, right]) {
    const [row, column] = from.split(",").map(Number);
    const to = [row + down, column + right];
    const cell = this.parts.get(`${to}`);
    if (!cell) return;
    cell.focus();
    this.choose(to);
  }

  show() {
    const { said, tone, revealed } = this.model.get("state");
    const { final, guess } = this;
    const stop = guess !== null && this.parts.has(`${guess}`) ? `${guess}` : "0,0";
    for (const [name, part] of this.parts) {
      const chosen = guess !== null && name === `${guess}`;
      part.setAttribute(this.question.cells ? "aria-selected" : "aria-pressed", chosen);
      part.setAttribute("aria-disabled", final);
      if (this.question.cells) part.tabIndex = name === (this.focused() ?? stop) ? 0 : -1;
    }
    if (this.input) {
      if (this.input.value !== `${guess ?? ""}`) this.input.value = guess ?? "";
      this.input.readOnly = final;
      this.input.setAttribute("aria-invalid", tone === "refused" && !this.complaint);
    }
    this.commit.textContent = final ? this.words.committed : this.words.commit;
    this.commit.setAttribute("aria-disabled", final);
    this.hint.hidden = final;
    const words = this.complaint || said;
    if (words !== this.spoken) this.status.innerHTML = this.spoken = words;
    this.status.dataset.tone = this.complaint ? "refused" : tone;
    this.revealed.replaceChildren(...revealed.map(([right, answer, why]) => {
      const line = element("li", "");
      line.innerHTML = `<b>${right ? "✓" : "✗"} ${answer}</b> ${why}`;
      line.dataset.tone = right ? "right" : "wrong";
      return line;
    }));
  }

  remove() {
    clearTimeout(this.timer);
    this.model.off("change:chosen", this.react);
    this.model.off("change:state", this.heard);
    this.root.remove();
  }
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function render({ model, el }) {
  const view = new QuestionView(model, el);
  return () => view.remove();
}

export default { render };
