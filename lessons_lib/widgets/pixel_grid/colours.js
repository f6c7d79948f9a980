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

// One pixel a cell, on a canvas of its own that is enlarged when it is drawn. A photo has a quarter of a million of them,
// so this loop makes no objects.
function pixelsOf(picture, table) {
  const { values, low, high, channels, rows, columns } = picture;
  const image = new ImageData(columns, rows);
  const { data } = image;
  const scale = 255 / (high - low);
  for (let i = 0; i < rows * columns; i += 1) {
    if (channels === 3) {
      data[4 * i] = values[3 * i];
      data[4 * i + 1] = values[3 * i + 1];
      data[4 * i + 2] = values[3 * i + 2];
    } else {
      const entry = 3 * Math.round(Math.min(255, Math.max(0, (values[i] - low) * scale || 0)));
      data[4 * i] = table[entry];
      data[4 * i + 1] = table[entry + 1];
      data[4 * i + 2] = table[entry + 2];
    }
    data[4 * i + 3] = 255;
  }
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
