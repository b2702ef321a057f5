// Draws the icon as PNGs for home screens, which do not take SVG, and prints them as JSON: a name and base64 for each.
//
// It reads what icon.svg holds: rectangles, the ground as <rect> and the rest as paths of the form "M x y h w v h H x z".
import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

const source = readFileSync("images/icon.svg", "utf8");
const SIDE = 32;
const FINE = 4; // so many samples a pixel, each way, for smooth corners
const WANTED = [
  { name: "icon-192.png", size: 192, corner: 8 },
  { name: "icon-512.png", size: 512, corner: 8 },
  // A launcher cuts these to its own shape, and iOS rounds its corners: the ground fills the whole square.
  { name: "icon-maskable-192.png", size: 192, corner: 0 },
  { name: "icon-maskable-512.png", size: 512, corner: 0 },
  { name: "apple-touch-icon.png", size: 180, corner: 0 },
];

const ground = rgb(/<rect width="32" height="32" rx="8" fill="(#[0-9a-f]+)"\/>/.exec(source)[1]);
const BAR = /<path d="M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)[Hh]-?[\d.]+z" fill="(#[0-9a-f]+)"\/>/g;
const bars = [...source.matchAll(BAR)].map(([, x, y, width, height, fill]) => {
  return { x: +x, y: +y, right: +x + +width, bottom: +y + +height, colour: rgb(fill) };
});
if (bars.length !== 3) throw new Error("icon.svg is no longer three bars on a ground: draw its PNGs anew");

console.log(JSON.stringify(Object.fromEntries(WANTED.map((one) => [one.name, png(one).toString("base64")]))));

function png({ size, corner }) {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      rows.set(pixel(x, y, size, corner), y * (size * 4 + 1) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8); // eight bits of red, green, blue and opacity
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

// The mean of what is seen at each of the samples: the colour of those inside, and how many of them are.
function pixel(x, y, size, corner) {
  let [red, green, blue, inside] = [0, 0, 0, 0];
  for (let sample = 0; sample < FINE * FINE; sample += 1) {
    const across = ((x + ((sample % FINE) + 0.5) / FINE) * SIDE) / size;
    const down = ((y + (Math.floor(sample / FINE) + 0.5) / FINE) * SIDE) / size;
    if (isCutOff(across, down, corner)) continue;
    const colour = bars.find((bar) => across >= bar.x && across < bar.right && down >= bar.y && down < bar.bottom)?.colour ?? ground;
    red += colour[0];
    green += colour[1];
    blue += colour[2];
    inside += 1;
  }
  const mean = (sum) => Math.round(sum / (inside || 1));
  return [mean(red), mean(green), mean(blue), Math.round((255 * inside) / FINE ** 2)];
}

function isCutOff(x, y, corner) {
  const across = corner - Math.min(x, SIDE - x);
  const down = corner - Math.min(y, SIDE - y);
  return across > 0 && down > 0 && Math.hypot(across, down) > corner;
}

function rgb(colour) {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
  return [1, 3, 5].map((start) => parseInt(digits.slice(start, start + 2), 16));
}

function chunk(kind, content) {
  const named = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
