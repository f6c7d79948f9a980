// The page's half of ipywidgets: models and views made from what Python tells, and what a reader does sent back.
import * as base from "@jupyter-widgets/base";
import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import { defined } from "./define.js";
import "anywidget";

const PACKAGES = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls, anywidget: defined.anywidget(base) };
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** A frame: the length of its head, the head [kind, content, sizes of the buffers, number] as JSON, the buffers. */
export function pack(kind, content, buffers = [], number = "") {
  const parts = buffers.map(one => new Uint8Array(one.buffer || one, one.byteOffset || 0, one.byteLength));
  const head = encoder.encode(JSON.stringify([kind, content, parts.map(one => one.length), number]));
  const frame = new Uint8Array(4 + head.length + parts.reduce((sum, one) => sum + one.length, 0));
  new DataView(frame.buffer).setUint32(0, head.length, true);
  let at = 4;
  for (const part of [head, ...parts]) {
    frame.set(part, at);
    at += part.length;
  }
  return frame.buffer;
}

export function unpack(frame) {
  const length = new DataView(frame).getUint32(0, true);
  const [kind, content, sizes] = JSON.parse(decoder.decode(new Uint8Array(frame, 4, length)));
  let at = 4 + length;
  return { kind, content, buffers: sizes.map(size => new DataView(frame, (at += size) - size, size)) };
}

/** One end of a comm. */
class Comm {
  constructor(id, name, post) {
    Object.assign(this, { comm_id: id, target_name: name, post });
  }
  send(data, callbacks, _metadata, buffers) {
    return this.post("comm_msg", { comm_id: this.comm_id, data }, buffers || [], callbacks);
  }
  close() {
    return "";
  }
  on_msg(callback) {
    this.heard = callback;
  }
  on_close(callback) {
    this.closed = callback;
  }
}

/** The widgets of a page, and the Python behind them: `send` takes a frame to it, `receive` one from it. */
export class Course extends ManagerBase {
  constructor(send) {
    super();
    Object.assign(this, { comms: new Map(), waiting: new Map(), count: 0, turn: Promise.resolve(), shown: () => {} });
    this.post = (kind, content, buffers = [], callbacks = {}) => {
      const number = String(++this.count);
      this.waiting.set(number, callbacks);
      send(pack(kind, content, buffers, number));
      return number;
    };
  }
  async loadClass(name, module) {
    if (!PACKAGES[module]?.[name]) throw new Error(`there is no ${name} of ${module} on this page`);
    return PACKAGES[module][name];
  }
  async _create_comm(name, id) {
    const comm = new Comm(id, name, this.post);
    this.comms.set(id, comm);
    return comm;
  }
  async _get_comm_info() {
    return {};
  }
  /** Run a cell, to its end; an error of its code is thrown here. */
  run(id, code, show) {
    return new Promise((done, failed) => {
      let wrong;
      this.post("cell", { id, code, show }, [], {
        error: text => (wrong = new Error(text)),
        iopub: { status: () => (wrong ? failed(wrong) : done()) },
      });
    });
  }
  // One frame after the other: a message may be for a model that is still being made.
  receive(frame) {
    this.turn = this.turn.then(() => this.handle(unpack(frame))).catch(error => console.error(error));
    return this.turn;
  }
  async handle({ kind, content, buffers }) {
    const message = { content, buffers, metadata: content.metadata, header: {}, parent_header: {} };
    const comm = this.comms.get(content.comm_id);
    if (kind === "comm_open") await this.handle_comm_open(await this._create_comm(content.target_name, content.comm_id), message);
    else if (kind === "comm_msg") await comm?.heard?.(message);
    else if (kind === "comm_close") comm?.closed?.(message);
    else if (kind === "shown") await this.shown(content);
    else if (kind === "error") this.waiting.get(content.number)?.error?.(content.text);
    else if (kind === "idle") {
      const status = { content: { execution_state: "idle" }, header: {}, parent_header: { msg_id: content.number } };
      this.waiting.get(content.number)?.iopub?.status?.(status);
      this.waiting.delete(content.number);
    }
  }
  /** Show a model in an element of the page. */
  async attach(id, element) {
    const view = await this.create_view(await this.get_model(id));
    Widget.attach(view.luminoWidget, element);
  }
}
