// What happened, on its way to Python: one message at a time, the newest state of what happened since the last answer.

class Outbox {
  constructor(model, atRest) {
    this.model = model;
    this.atRest = atRest;
    this.edits = new Map();
    this.selected = null;
    this.waiting = null;
    this.number = 0;
    this.strokes = 0;
    this.name = Math.random().toString(36).slice(2);
    this.react = (message) => this.answered(message);
    model.on("msg:custom", this.react);
  }

  // What was painted last still reaches Python; its answer no longer matters.
  close() {
    clearTimeout(this.timer);
    this.waiting = null;
    this.flush();
    clearTimeout(this.timer);
    this.model.off("msg:custom", this.react);
  }

  select(row, column) {
    this.selected = [row, column];
    this.flush();
  }

  edit(row, column, value) {
    this.edits.set(`${row},${column}`, [row, column, value]);
    this.select(row, column);
  }

  flush() {
    if (this.waiting || (!this.selected && !this.edits.size)) return;
    this.number += 1;
    this.waiting = `${this.name}-${this.number}`;
    const stroke = `${this.name}-${this.strokes}`;
    this.model.send({ edits: [...this.edits.values()], selected: this.selected, number: this.waiting, stroke });
    this.edits.clear();
    this.selected = null;
    // A kernel that is busy with something else, or gone, must not block the grid for ever.
    this.timer = setTimeout(() => this.answered({ done: this.waiting }), 3000);
  }

  answered(message) {
    if (!this.waiting || message.done !== this.waiting) return;
    clearTimeout(this.timer);
    this.waiting = null;
    this.flush();
    if (!this.waiting) this.atRest();
  }
}
