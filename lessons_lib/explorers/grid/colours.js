// Numbers to colours: a ramp of a few anchors (from Python, so that paper and screen agree) becomes a table of 256.

function colourTable(ramp) {
  const table = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i += 1) {
    const place = (i / 255) * (ramp.length - 1);
    const left = Math.min(Math.floor(place), ramp.length - 2);
    for (let channel = 0; channel < 3; channel += 1) {
      const [from, to] = [ramp[left][channel], ramp[left + 1][channel]];
      table[3 * i + channel] = from + (to - from) * (place - left);
    }
  }
  return table;
}

function colourOf(picture, table, index) {
  if (picture.channels === 3) return picture.values.subarray(3 * index, 3 * index + 3);
  const share = (picture.values[index] - picture.low) / (picture.high - picture.low);
  const entry = 3 * Math.round(255 * Math.min(1, Math.max(0, share || 0)));
  return table.subarray(entry, entry + 3);
}

function inkOn([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140 ? "#ffffff" : "#000000";
}

// One pixel a cell, on a canvas of its own that is enlarged when it is drawn.
function pixelsOf(picture, table) {
  const image = new ImageData(picture.columns, picture.rows);
  for (let i = 0; i < picture.rows * picture.columns; i += 1) {
    const colour = colourOf(picture, table, i);
    image.data.set(colour, 4 * i);
    image.data[4 * i + 3] = 255;
  }
  const canvas = document.createElement("canvas");
  canvas.width = picture.columns;
  canvas.height = picture.rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
