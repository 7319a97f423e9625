// Pictures of measurements as SVG: curves with their names, grid lines, words. Positions are in pixels from the upper left.

/** A place in a picture. */
export type Spot = readonly [x: number, y: number];

/** A line through these places. */
export const curve = (spots: readonly Spot[], colour: string): string =>
  `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${
    spots.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")
  }"/>`;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Words that begin at a place. */
export const words = (x: number | string, y: number | string, text: string, colour = ""): string =>
  `<text x="${x}" y="${y}"${colour === "" ? "" : ` fill="${colour}"`}>${escaped(text)}</text>`;

/** A line of the grid. */
export const gridLine = (from: number, to: number, y: number): string =>
  `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="#ddd"/>`;

/** The whole picture, white below its parts. */
export const picture = (width: number, height: number, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...parts,
    "</svg>",
  ].join("\n") + "\n";
