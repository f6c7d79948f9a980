// The engine: CPython, compiled to WebAssembly, in a worker. A page knows it by four kinds of messages only, so another
// engine, such as Pyodide, is another file like this one:
//   in   {start: {python, library, folders, files, code}}, once; then {frame: ArrayBuffer} for each message to Python
//   out  {loaded: bytes} as it goes, {ready: true}, {frame: ArrayBuffer}, {line: text}, {failed: text}
// Inside, Python finds a module `_host` with `call(bytes) -> bytes`, and `bridge.step()` is called once a frame.
import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";

const LIBRARY = "/usr/local/lib", MATPLOTLIB = `${LIBRARY}/python315.zip/matplotlib/mpl-data`;
const inbox = [], encoder = new TextEncoder(), decoder = new TextDecoder();
let python, memory;

/** The bytes of a file; one that is packed is unpacked here, whether or not the server has done so. */
async function load(url) {
  const name = url.split("/").pop(), wrong = why => new Error(`${name} did not arrive (${why})`);
  const answer = await fetch(url).catch(() => Promise.reject(wrong("no connection")));
  if (!answer.ok) throw wrong(answer.status);
  const told = new TransformStream({
    transform(chunk, on) {
      postMessage({ loaded: chunk.length });
      on.enqueue(chunk);
    },
  });
  const whole = new Response(answer.body.pipeThrough(told)).arrayBuffer();
  const bytes = new Uint8Array(await whole.catch(() => Promise.reject(wrong("the connection broke off"))));
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A file that is fetched when it is first read; a worker may wait for it. */
class Remote extends File {
  constructor(url) {
    super([], { readonly: true });
    let bytes;
    const get = () => {
      if (bytes) return bytes;
      const request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.responseType = "arraybuffer";
      request.send();
      if (request.status !== 200) throw new Error(`${url} did not arrive (${request.status})`);
      return (bytes = new Uint8Array(request.response));
    };
    Object.defineProperty(this, "data", { get });
  }
}

/** The folders of a pack, which is the length of its index, the index (name: place, size), and all bytes. */
function unpack(pack, root) {
  const length = new DataView(pack.buffer, pack.byteOffset).getUint32(0, true);
  for (const [name, [at, size]] of Object.entries(JSON.parse(decoder.decode(pack.subarray(4, 4 + length)))))
    put(root, name, new File(pack.subarray(4 + length + at, 4 + length + at + size), { readonly: true }));
}

function put(root, name, file) {
  const names = name.split("/"), last = names.pop();
  for (const one of names) {
    if (!root.has(one)) root.set(one, new Directory(new Map()));
    root = root.get(one).contents;
  }
  root.set(last, file);
}

function give(bytes) {
  const at = python.host_alloc(bytes.length) >>> 0;
  new Uint8Array(memory.buffer).set(bytes, at);
  return at;
}

/** What `_host.call` does: a first byte 0 asks for the next frame, a 1 posts one. */
function call(from, length, at, size) {
  const request = new Uint8Array(memory.buffer).slice(from >>> 0, (from >>> 0) + length);
  let answer = new Uint8Array();
  if (request[0] === 0) answer = new Uint8Array(inbox.shift());
  else postMessage({ frame: request.buffer.slice(1) });
  const place = give(answer), view = new DataView(memory.buffer);
  view.setUint32(at, place, true);
  view.setUint32(size, answer.length, true);
  return 0;
}

function run(code) {
  const bytes = encoder.encode(code);
  if (python.turn(give(bytes), bytes.length)) throw new Error(`Python stopped at: ${code}`);
}

async function start({ python: binary, library, folders, files, code }) {
  const [compiled, zip, ...packs] = await Promise.all([load(binary).then(WebAssembly.compile), ...[library, ...folders].map(load)]);
  const root = new Map([["tmp", new Directory(new Map())]]);
  for (const pack of packs) unpack(pack, root);
  for (const [name, url] of Object.entries(files)) put(root, name, new Remote(url));
  const lines = () => ConsoleStdout.lineBuffered(line => postMessage({ line }));
  const wasi = new WASI([], ["TMPDIR=/tmp", "HOME=/tmp", "PYTHONTZPATH="], [
    new OpenFile(new File([])), lines(), lines(),
    new PreopenDirectory(LIBRARY, new Map([["python315.zip", new File(zip, { readonly: true })]])),
    new PreopenDirectory(MATPLOTLIB, root.get("matplotlib").contents),
    new PreopenDirectory("/", root),
  ], { debug: false });
  const made = await WebAssembly.instantiate(compiled, { wasi_snapshot_preview1: wasi.wasiImport, host: { call } });
  wasi.inst = made;
  python = made.exports;
  memory = python.memory;
  python._initialize();
  run(code);
  postMessage({ ready: true });
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.start) return await start(data.start);
    inbox.push(data.frame);
    run("__import__('bridge').step()");
  } catch (error) {
    postMessage({ failed: String(error?.message || error) });
  }
});
