// Drawing: title, cells, their numbers where 12 px fit, the frame, the hatching, the selection, the lens over a photo.

const SMALLEST_TYPE = 12;
const LARGEST_TYPE = 28;
const EDGE = 4; // room for a frame that lies on the border
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";

function readPicture(sent) {
  const [rows, columns, channels = 1] = sent.shape;
  const buffer = sent.bytes.buffer.slice(sent.bytes.byteOffset, sent.bytes.byteOffset + sent.bytes.byteLength);
  const values = sent.dtype === "u1" ? new Uint8Array(buffer) : sent.dtype === "i2" ? decimalsOf(buffer, sent.step) : new Float32Array(buffer);
  return { rows, columns, channels, values, low: sent.low, high: sent.high, decimals: sent.decimals, ramp: sent.ramp };
}

function decimalsOf(buffer, step) {
  const whole = new Int16Array(buffer);
  const values = new Float32Array(whole.length);
  for (let i = 0; i < whole.length; i += 1) values[i] = whole[i] * step;
  return values;
}

// A mask that was made for a picture of another shape belongs to what is about to come, or has just gone.
function readMask(mask, picture) {
  if (!mask || mask.shape[0] !== picture.rows || mask.shape[1] !== picture.columns) return null;
  return (index) => (mask.bits.getUint8(index >> 3) >> (7 - (index & 7))) & 1;
}

function textOf(picture, texts, row, column) {
  if (texts) return texts[row]?.[column] ?? "";
  const index = row * picture.columns + column;
  if (picture.channels === 3) return Array.from(picture.values.subarray(3 * index, 3 * index + 3)).join(", ");
  const text = picture.values[index].toFixed(picture.decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

function edgesOf(numbered) {
  return numbered ? { left: 30, top: 24 } : { left: EDGE, top: EDGE };
}

// Where everything lies, in CSS pixels, for a board of the given width.
function layoutOf(picture, width, tallest, numbered) {
  const { left, top } = edgesOf(numbered);
  const cell = Math.max(0.1, Math.min((width - left - EDGE) / picture.columns, (tallest - top - EDGE) / picture.rows));
  const height = top + EDGE + cell * picture.rows;
  return { left, top, cell, width: left + EDGE + cell * picture.columns, height };
}

function typeSize(context, picture, texts, cell) {
  if (picture.channels === 3 || cell < SMALLEST_TYPE || picture.rows * picture.columns > 64 * 64) return 0;
  let longest = "";
  for (let row = 0; row < picture.rows; row += 1) {
    for (let column = 0; column < picture.columns; column += 1) {
      const text = textOf(picture, texts, row, column);
      if (text.length > longest.length) longest = text;
    }
  }
  context.font = `${SMALLEST_TYPE}px ${FONT}`;
  const width = Math.max(1, context.measureText(longest).width);
  if (width > cell - 4) return 0;
  return Math.max(SMALLEST_TYPE, Math.min(LARGEST_TYPE, cell * 0.42, (SMALLEST_TYPE * 0.82 * cell) / width));
}

// A title that once took two lines keeps their height: the board must not jump away from under the pointer.
function writeTitle(title, label, width) {
  if (title.textContent === label && title.dataset.width === String(width)) return;
  if (title.dataset.width !== String(width)) title.style.minHeight = "";
  title.dataset.width = width;
  title.textContent = label;
  title.hidden = !label;
  title.style.minHeight = `${title.offsetHeight}px`;
}

function drawBoard(context, scene) {
  const { picture, place, marks, hatched, blank } = scene;
  const { left, top, cell } = place;
  context.clearRect(0, 0, place.width, place.height);
  context.imageSmoothingEnabled = cell < 1;
  context.drawImage(scene.pixels, left, top, cell * picture.columns, cell * picture.rows);
  if (cell >= 8) drawLines(context, picture, place);
  if (blank) drawGaps(context, scene);
  if (hatched) drawHatching(context, scene);
  const size = typeSize(context, picture, marks.texts, cell);
  if (size) drawNumbers(context, scene, size);
  if (scene.numbered) drawAxes(context, scene);
  context.strokeStyle = "#8a8f98";
  context.lineWidth = 1;
  if (!blank) context.strokeRect(left - 0.5, top - 0.5, cell * picture.columns + 1, cell * picture.rows + 1);
  if (marks.window) {
    const [row, column, height, width] = marks.window;
    frame(context, left + column * cell, top + row * cell, width * cell, height * cell, scene.frame, 3);
  }
  const [row, column] = scene.cursor;
  const [shown, thickness] = [Math.max(cell, 5), scene.focused ? 3 : 1.5];
  frame(context, left + (column + 0.5) * cell - shown / 2, top + (row + 0.5) * cell - shown / 2, shown, shown, "#ffffff", thickness);
  if (!size && scene.active && !marks.texts) drawLens(context, scene);
}

function frame(context, x, y, width, height, colour, thickness) {
  context.lineJoin = "round";
  context.strokeStyle = "#111111";
  context.lineWidth = thickness + 2;
  context.strokeRect(x, y, width, height);
  context.strokeStyle = colour;
  context.lineWidth = thickness;
  context.strokeRect(x, y, width, height);
}

function drawLines(context, picture, { left, top, cell }) {
  context.beginPath();
  for (let row = 1; row < picture.rows; row += 1) {
    context.moveTo(left, top + row * cell);
    context.lineTo(left + picture.columns * cell, top + row * cell);
  }
  for (let column = 1; column < picture.columns; column += 1) {
    context.moveTo(left + column * cell, top);
    context.lineTo(left + column * cell, top + picture.rows * cell);
  }
  context.strokeStyle = "rgba(128, 128, 128, 0.55)";
  context.lineWidth = 1;
  context.stroke();
}

function drawNumbers(context, { picture, place, marks, table, hatched, blank }, size) {
  context.font = `${size}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < picture.rows; row += 1) {
    for (let column = 0; column < picture.columns; column += 1) {
      const index = row * picture.columns + column;
      if (blank?.(index)) continue;
      const colour = colourOf(picture, table, index);
      const text = textOf(picture, marks.texts, row, column);
      const [x, y] = [place.left + (column + 0.5) * place.cell, place.top + (row + 0.54) * place.cell];
      if (hatched?.(index)) {
        context.strokeStyle = `rgb(${colour[0]}, ${colour[1]}, ${colour[2]})`;
        context.lineWidth = 5;
        context.strokeText(text, x, y);
      }
      context.fillStyle = inkOn(colour);
      context.fillText(text, x, y);
    }
  }
}

// The page shows through where there is no cell; what is left of a line belongs to the cell beside it.
function drawGaps(context, { picture, place, blank }) {
  const { left, top, cell } = place;
  for (let index = 0; index < picture.rows * picture.columns; index += 1) {
    if (!blank(index)) continue;
    const [x, y] = [left + (index % picture.columns) * cell, top + Math.floor(index / picture.columns) * cell];
    context.clearRect(x - 0.6, y - 0.6, cell + 1.2, cell + 1.2);
  }
}

function drawHatching(context, { picture, place, hatched }) {
  const { left, top, cell } = place;
  const gap = Math.max(4, Math.min(9, cell / 4));
  context.save();
  context.beginPath();
  for (let index = 0; index < picture.rows * picture.columns; index += 1) {
    if (!hatched(index)) continue;
    context.rect(left + (index % picture.columns) * cell, top + Math.floor(index / picture.columns) * cell, cell, cell);
  }
  context.clip();
  context.beginPath();
  for (let start = -place.height; start < place.width; start += gap) {
    context.moveTo(start, place.height);
    context.lineTo(start + place.height, 0);
  }
  context.strokeStyle = "#111111";
  context.lineWidth = 1.6;
  context.stroke();
  context.translate(1.4, 0);
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.2;
  context.stroke();
  context.restore();
}

function drawAxes(context, { picture, place, ink, cursor }) {
  const { left, top, cell } = place;
  const step = Math.ceil(26 / cell);
  context.textBaseline = "middle";
  for (let row = 0; row < picture.rows; row += step) {
    context.textAlign = "right";
    context.fillStyle = ink;
    context.font = `${row === cursor[0] ? "bold " : ""}${SMALLEST_TYPE}px ${FONT}`;
    context.fillText(String(row), left - 7, top + (row + 0.5) * cell);
  }
  for (let column = 0; column < picture.columns; column += step) {
    context.textAlign = "center";
    context.fillStyle = ink;
    context.font = `${column === cursor[1] ? "bold " : ""}${SMALLEST_TYPE}px ${FONT}`;
    context.fillText(String(column), left + (column + 0.5) * cell, top - 11);
  }
}

// The numbers around the selection, enlarged, in the corner farthest from it.
function drawLens(context, { picture, place, cursor, table }) {
  const reach = place.width >= 400 && place.height >= 400 ? 2 : 1;
  const cell = 46;
  const side = (2 * reach + 1) * cell;
  if (side > place.width || side > place.height) return;
  const [row, column] = cursor;
  const x = column < picture.columns / 2 ? place.width - side - EDGE : place.left;
  const y = row < picture.rows / 2 ? place.height - side - EDGE : place.top;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let down = -reach; down <= reach; down += 1) {
    for (let right = -reach; right <= reach; right += 1) {
      const [r, c] = [row + down, column + right];
      const inside = r >= 0 && c >= 0 && r < picture.rows && c < picture.columns;
      const colour = inside ? colourOf(picture, table, r * picture.columns + c) : [128, 128, 128];
      const [cx, cy] = [x + (right + reach) * cell, y + (down + reach) * cell];
      context.fillStyle = `rgb(${colour[0]}, ${colour[1]}, ${colour[2]})`;
      context.fillRect(cx, cy, cell, cell);
      if (!inside) continue;
      context.fillStyle = inkOn(colour);
      const lines = textOf(picture, null, r, c).split(", ");
      context.font = `${lines.length > 1 ? SMALLEST_TYPE : 14}px ${FONT}`;
      lines.forEach((line, i) => {
        context.fillText(line, cx + cell / 2, cy + cell / 2 + (i - (lines.length - 1) / 2) * 14, cell - 4);
      });
    }
  }
  frame(context, x, y, side, side, "#ffffff", 2);
  frame(context, x + reach * cell, y + reach * cell, cell, cell, "#ffffff", 2);
}
