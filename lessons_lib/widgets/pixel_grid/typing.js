// Typing a value into a cell: what cannot be accepted is refused here, with the reason, and stays to be mended.

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// A number, a decimal comma or a fraction such as 1/9.
function readNumber(text) {
  const match = text.trim().replace("\u2212", "-").replace(",", ".").match(/^([+-]?(?:\d+\.?\d*|\.\d+))(?:\s*\/\s*(\d+\.?\d*))?$/);
  if (!match) return NaN;
  return match[2] === undefined ? Number(match[1]) : Number(match[1]) / Number(match[2]);
}

// The reason why `text` may not be typed, or an empty string.
function refusal(text, rules) {
  const value = readNumber(text);
  const [low, high] = rules.edit;
  if (!Number.isFinite(value)) return fill(rules.words.refused, { text: text || "\u2423", example: rules.whole ? high : "0.5" });
  if (value < low || value > high) return fill(rules.words.outside, { text, low, high });
  if (rules.whole && !Number.isInteger(value)) return fill(rules.words.fraction, { text });
  return "";
}

class Editor {
  constructor(board, accept, complain) {
    this.board = board;
    this.accept = accept;
    this.complain = complain;
    this.input = document.createElement("input");
    this.input.className = "lesson-grid-input";
    this.input.type = "text";
    this.input.autocomplete = "off";
    this.input.hidden = true;
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.open && this.commit(0, 0, false));
    // The grid's live region says the reason to a screen reader; on a tall grid the line below may be out of sight.
    this.reason = document.createElement("div");
    this.reason.className = "lesson-grid-reason";
    this.reason.setAttribute("aria-hidden", "true");
    this.reason.hidden = true;
    board.append(this.input, this.reason);
  }

  get open() {
    return !this.input.hidden;
  }

  start(cell, text, rules, select) {
    this.rules = rules;
    this.cell = cell;
    const { x, y, side } = cell;
    const width = Math.max(side, 64);
    Object.assign(this.input.style, {
      left: `${Math.max(0, x + side / 2 - width / 2)}px`, top: `${y + side / 2 - Math.max(side, 30) / 2}px`,
      width: `${width}px`, height: `${Math.max(side, 30)}px`,
    });
    this.input.setAttribute("aria-label", fill(rules.words.editing, { row: cell.row, column: cell.column }));
    this.input.removeAttribute("aria-invalid");
    this.explain("");
    this.input.hidden = false;
    this.input.value = text;
    this.input.focus();
    if (select) this.input.select();
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.commit(event.shiftKey ? -1 : 1, 0, true);
    else if (event.key === "Tab") this.commit(0, event.shiftKey ? -1 : 1, true);
    else if (event.key === "Escape") this.close(true);
    else return;
    event.preventDefault();
  }

  commit(down, right, keep) {
    const reason = refusal(this.input.value, this.rules);
    this.complain(reason);
    this.explain(reason);
    if (reason) {
      this.input.setAttribute("aria-invalid", "true");
      return;
    }
    const { row, column } = this.cell;
    const value = readNumber(this.input.value);
    this.close(keep);
    this.accept(row, column, value, down, right);
  }

  // The reason right below what was typed, and inside the grid from left to right.
  explain(reason) {
    this.reason.hidden = !reason;
    this.reason.textContent = reason;
    if (!reason) return;
    const { offsetLeft, offsetTop, offsetHeight } = this.input;
    const left = Math.max(0, Math.min(offsetLeft, this.board.clientWidth - this.reason.offsetWidth));
    Object.assign(this.reason.style, { left: `${left}px`, top: `${offsetTop + offsetHeight + 3}px` });
  }

  close(keep) {
    this.input.hidden = true;
    this.explain("");
    this.complain("");
    if (keep) this.board.focus({ preventScroll: true });
  }
}
