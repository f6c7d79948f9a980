// The widget: one canvas that can be pointed at, typed into, painted and walked with the arrow keys.

const STEPS = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity],
};

class GridView {
  constructor(model, host) {
    this.model = model;
    this.host = host;
    this.rules = model.get("_rules");
    this.cursor = model.get("_cursor").slice(0, 2);
    this.outbox = new Outbox(model, () => this.answered());
    this.build();
    this.editor = new Editor(this.board, (...typed) => this.typed(...typed), (reason) => this.complain(reason));
    this.listen();
    this.readPicture();
  }

  build() {
    this.host.classList.add("lesson-grid");
    this.title = element("div", "lesson-grid-title");
    // A screen reader leaves the keys of an application to it, and speaks what the grid puts into its one live region.
    this.board = element("div", "lesson-grid-board");
    this.board.setAttribute("role", "application");
    this.board.tabIndex = 0;
    this.board.dataset.lmSuppressShortcuts = "true"; // JupyterLab keeps the arrow keys otherwise
    this.board.style.touchAction = this.rules.palette ? "none" : "pan-y pinch-zoom";
    this.canvas = element("canvas", "");
    this.canvas.setAttribute("aria-hidden", "true");
    this.board.append(this.canvas);
    this.state = element("div", "lesson-grid-state");
    [this.where, this.hint] = [element("span", ""), element("span", "")];
    this.state.append(this.where, this.hint);
    const name = `lesson-grid-${Math.random().toString(36).slice(2)}`;
    [this.where.id, this.hint.id] = [`${name}-where`, `${name}-hint`];
    this.board.setAttribute("aria-describedby", `${this.where.id} ${this.hint.id}`);
    this.spoken = element("div", "lesson-grid-spoken");
    this.spoken.setAttribute("role", "status");
    this.host.append(this.title, this.board, this.state, this.spoken);
  }

  listen() {
    const { board, model } = this;
    board.addEventListener("pointerdown", (event) => this.pressed(event));
    board.addEventListener("pointermove", (event) => this.moved(event));
    board.addEventListener("pointerup", () => this.released());
    board.addEventListener("click", (event) => this.clicked(event));
    board.addEventListener("pointercancel", () => this.released());
    board.addEventListener("pointerenter", () => this.activate(true));
    board.addEventListener("pointerleave", () => this.activate(document.activeElement === board));
    board.addEventListener("dblclick", () => this.rules.edit && this.edit());
    board.addEventListener("keydown", (event) => this.key(event));
    board.addEventListener("focus", () => this.focus(true));
    board.addEventListener("blur", () => this.focus(false));
    this.changes = {
      "change:_picture": () => this.readPicture(),
      "change:_marks": () => this.draw(),
      "change:label": () => this.draw(),
      "change:_rules": () => (this.rules = model.get("_rules")),
      "change:_cursor": () => this.moveTo(...model.get("_cursor").slice(0, 2), false),
    };
    for (const [name, react] of Object.entries(this.changes)) model.on(name, react);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.host);
  }

  remove() {
    for (const [name, react] of Object.entries(this.changes)) this.model.off(name, react);
    this.watcher.disconnect();
    this.outbox.close();
    cancelAnimationFrame(this.frame);
    // ipywidgets keeps the element of a closed view for good; what is in it need not stay with it.
    this.host.replaceChildren();
  }

  readPicture() {
    this.picture = readPicture(this.model.get("_picture"));
    this.table = colourTable(this.picture.ramp);
    // What was painted here and has not reached Python yet is not taken back.
    for (const [row, column, value] of this.outbox.edits.values()) {
      if (row < this.picture.rows && column < this.picture.columns) this.picture.values[row * this.picture.columns + column] = value;
    }
    this.pixels = pixelsOf(this.picture, this.table);
    this.cursor = [Math.min(this.cursor[0], this.picture.rows - 1), Math.min(this.cursor[1], this.picture.columns - 1)];
    this.measure();
    this.draw();
  }

  // How wide the grid wants to be and, so that its numbers can be read, at least has to be.
  measure() {
    const { size, cell, numbered } = this.rules;
    const { left } = edgesOf(numbered);
    const least = Math.max(0.6 * size, Math.min(size, left + EDGE + cell * this.picture.columns));
    const { style } = this.host;
    style.setProperty("--size", `${size}px`);
    style.setProperty("--least", `${least}px`);
    style.setProperty("--share", size);
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    const width = this.host.clientWidth;
    if (!width) return;
    const { picture, rules } = this;
    const marks = this.model.get("_marks");
    const largest = Math.max(90, width / 3);
    const fitted = Math.min(width, largest * picture.columns + 34);
    const place = layoutOf(picture, fitted, Math.max(240, 0.8 * window.innerHeight), rules.numbered);
    const density = window.devicePixelRatio || 1;
    this.place = place;
    const [wide, high] = [Math.round(place.width * density), Math.round(place.height * density)];
    if (this.canvas.width !== wide || this.canvas.height !== high) Object.assign(this.canvas, { width: wide, height: high });
    Object.assign(this.canvas.style, { width: `${place.width}px`, height: `${place.height}px` });
    this.board.style.width = `${place.width}px`;
    const context = this.canvas.getContext("2d");
    context.setTransform(density, 0, 0, density, 0, 0);
    drawBoard(context, {
      picture, place, marks, table: this.table, pixels: this.pixels, cursor: this.cursor, frame: rules.frame,
      hatched: readMask(marks.hatched, picture), blank: readMask(marks.blank, picture), numbered: rules.numbered, focused: this.focused,
      active: this.active && rules.lens !== false,
      ink: getComputedStyle(this.title).color,
    });
    this.describe(marks.texts);
  }

  describe(texts) {
    const { rows, columns } = this.picture;
    const [row, column] = this.cursor;
    const label = this.model.get("label");
    writeTitle(this.title, label, this.host.clientWidth);
    const { words, edit, palette } = this.rules;
    this.board.setAttribute("aria-label", label || fill(words.grid, { rows, columns }));
    this.board.setAttribute("aria-roledescription", fill(words.grid, { rows, columns }));
    const state = fill(words.state, { row, column, value: textOf(this.picture, texts, row, column) });
    this.state.classList.toggle("lesson-grid-refused", Boolean(this.reason));
    this.where.textContent = this.reason || state;
    // Hidden, it still belongs to the description that is read when the grid gets the focus.
    this.hint.textContent = `. ${edit ? words.edit : palette ? words.paint : words.walk}`;
    this.hint.hidden = !this.focused || Boolean(this.reason);
    if (this.unspoken && this.sentence === this.before) this.spoken.replaceChildren(state);
    this.unspoken = false;
  }

  // A move is announced once: by the sentence of the panel if Python's answer changes it, else by the grid itself.
  get sentence() {
    return this.host.closest(".lesson-panel")?.querySelector(".lesson-sentence")?.textContent;
  }

  ask() {
    if (!this.outbox.waiting) this.before = this.sentence;
  }

  answered() {
    this.unspoken = true;
    this.draw();
  }

  complain(reason) {
    this.reason = reason;
    if (reason) this.spoken.replaceChildren(reason);
    this.draw();
  }

  activate(active) {
    this.active = active;
    this.draw();
  }

  focus(focused) {
    this.focused = focused;
    if (!focused) this.spoken.replaceChildren();
    this.activate(focused || this.board.matches(":hover"));
  }

  at(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - top - this.place.top) / this.place.cell);
    const column = Math.floor((event.clientX - left - this.place.left) / this.place.cell);
    const limit = (value, count) => Math.min(count - 1, Math.max(0, value));
    return [limit(row, this.picture.rows), limit(column, this.picture.columns)];
  }

  // Whether the pointer is in its cell and not in a corner of it. A slanting stroke passes from cell to cell by the
  // corners; without this it would paint the cells beside it too.
  inside(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [y, x] = [event.clientY - top - this.place.top, event.clientX - left - this.place.left];
    const [row, column] = [y / this.place.cell, x / this.place.cell];
    return Math.abs(row - Math.floor(row) - 0.5) + Math.abs(column - Math.floor(column) - 0.5) < 0.7;
  }

  pressed(event) {
    if (event.target === this.editor.input || event.button) return;
    if (this.editor.open) {
      this.editor.commit(0, 0, true);
      if (this.editor.open) {
        event.preventDefault();
        return;
      }
    }
    this.down = true;
    this.board.focus({ preventScroll: true });
    const [row, column] = this.at(event);
    this.again = event.pointerType !== "mouse" && row === this.cursor[0] && column === this.cursor[1];
    if (this.rules.palette) {
      this.outbox.strokes += 1;
      this.brush = this.next(row, column);
      this.paint(row, column, this.brush);
      this.board.setPointerCapture(event.pointerId);
    } else {
      this.moveTo(row, column);
    }
    if (event.pointerType === "mouse") event.preventDefault();
  }

  moved(event) {
    if (this.editor.open || !this.place) return;
    const [row, column] = this.at(event);
    if (row === this.cursor[0] && column === this.cursor[1]) return;
    if (this.down && this.rules.palette) {
      if (this.inside(event)) this.stroke(row, column);
    } else if (this.down || (this.rules.hover && event.pointerType === "mouse")) this.moveTo(row, column);
  }

  // A second tap on a cell. Earlier than now, the mouse events that a browser plays after a tap would end the typing.
  clicked(event) {
    if (this.again && this.rules.edit && event.target !== this.editor.input && !this.editor.open) this.edit();
  }

  released() {
    this.down = false;
  }

  // The pointer may jump over cells between two events: paint the straight line from the last one.
  stroke(row, column) {
    const [fromRow, fromColumn] = this.cursor;
    const steps = Math.max(Math.abs(row - fromRow), Math.abs(column - fromColumn));
    for (let i = 1; i <= steps; i += 1) {
      const share = i / steps;
      this.paint(Math.round(fromRow + share * (row - fromRow)), Math.round(fromColumn + share * (column - fromColumn)), this.brush);
    }
  }

  next(row, column) {
    const { palette } = this.rules;
    const now = palette.findIndex((value) => Math.abs(value - this.picture.values[row * this.picture.columns + column]) < 1e-6);
    return palette[(now + 1) % palette.length];
  }

  paint(row, column, value) {
    this.cursor = [row, column];
    this.change(row, column, value);
  }

  change(row, column, value) {
    const index = row * this.picture.columns + column;
    if (this.picture.values instanceof Uint8Array && !Number.isInteger(value)) {
      this.picture.values = Float32Array.from(this.picture.values);
    }
    this.picture.values[index] = value;
    const [red, green, blue] = colourOf(this.picture, this.table, index);
    const context = this.pixels.getContext("2d");
    context.fillStyle = `rgb(${red}, ${green}, ${blue})`;
    context.fillRect(column, row, 1, 1);
    this.ask();
    this.outbox.edit(row, column, value);
    this.draw();
  }

  moveTo(row, column, tell = true) {
    if (row === this.cursor[0] && column === this.cursor[1]) return;
    this.cursor = [row, column];
    if (tell) {
      this.ask();
      this.outbox.select(row, column);
    }
    this.draw();
  }

  typed(row, column, value, down, right) {
    this.change(row, column, value);
    this.step(down, right);
  }

  step(down, right) {
    const limit = (value, count) => Math.min(count - 1, Math.max(0, value));
    this.moveTo(limit(this.cursor[0] + down, this.picture.rows), limit(this.cursor[1] + right, this.picture.columns));
  }

  edit(text) {
    const [row, column] = this.cursor;
    const { left, top, cell } = this.place;
    const value = this.picture.values[row * this.picture.columns + column];
    const place = { row, column, x: left + column * cell, y: top + row * cell, side: cell };
    this.editor.start(place, text ?? String(Number(value.toPrecision(6))), this.rules, text === undefined);
  }

  key(event) {
    if (this.editor.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const { edit, palette } = this.rules;
    if (event.key in STEPS) {
      const [down, right] = STEPS[event.key];
      const times = event.shiftKey ? 10 : 1;
      this.step(down * times || 0, right * times || 0);
    } else if (palette && (event.key === " " || event.key === "Enter")) {
      this.outbox.strokes += 1;
      this.paint(...this.cursor, this.next(...this.cursor));
    } else if (edit && (event.key === "Enter" || event.key === "F2")) {
      this.edit();
    } else if (edit && event.key.length === 1 && event.key !== " ") {
      // Letters too: they are refused with the reason, and not without a word.
      this.edit(event.key);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}

function render({ model, el }) {
  const view = new GridView(model, el);
  return () => view.remove();
}

export default { render };
