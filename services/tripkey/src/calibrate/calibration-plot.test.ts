import { expect, test } from 'vitest';
import { calibrate } from './calibration.ts';
import { drawCalibration } from './calibration-plot.ts';

const count = (reached: number[]) => ({ judged: 100_000, couldNotTell: 0, reached });

const calibrations = [
  calibrate({ id: 'loud-rule', scoreMin: 2, stretchMs: 1 }, 'busy', count([30_000, 9_000, 2_000, 0, 0])),
  calibrate({ id: 'true-rule', scoreMin: 2, stretchMs: 1 }, 'busy', count([10_000, 1_000, 100, 10, 1])),
  calibrate({ id: 'a<b&c', scoreMin: 2, stretchMs: 1 }, 'steady', count([90_000, 9_000, 900, 90, 9])),
];

/** Throws where a document is not well-formed: tags that do not nest, attributes without quotes, characters left bare. */
function checkWellFormed(document: string): void {
  const tags: string[] = [];
  for (const [, content, close, name, attributes, alone] of document.matchAll(
    /([^<]*)(?:<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|$)/gy,
  )) {
    if (/&(?!amp;|lt;|gt;)/.test(content ?? '') || />/.test(content ?? ''))
      throw new Error(`bare: ${content}`);
    if (!name) continue;
    if (close) expect(`/${name}${attributes}`).toBe(`/${tags.pop()}`);
    else if (!alone) tags.push(name);
  }
  expect(tags).toEqual([]);
  expect(document.trim().endsWith('</svg>')).toBe(true);
}

test('the check of well-formedness finds tags that do not nest', () => {
  expect(() => checkWellFormed('<svg><g></svg></g>')).toThrow();
  expect(() => checkWellFormed('<svg>a & b</svg>')).toThrow();
});

test('the plot is well-formed, whatever rules are called', () => {
  const svg = drawCalibration(calibrations);
  checkWellFormed(svg);
  expect(svg).toContain('a&lt;b&amp;c');
});

test('a rule is drawn by its verdict, where something came of it, and loud ones are named', () => {
  const svg = drawCalibration(calibrations);
  // 30 %, 9 % and 2 % of the stretches; nothing at the chances beyond.
  expect(svg).toContain('<path class="line loud" d="M55 28.8L110 57.5L165 93.4"/>');
  // What is calibrated runs along the diagonal.
  expect(svg).toContain('<path class="line good" d="M55 55L110 110L165 165L220 220L275 275"/>');
  expect(svg).toContain('class="rule">loud-rule</text>');
  expect(svg).not.toContain('class="rule">true-rule</text>');
});

test('classes of which nothing can be said are shown as such, and nothing is drawn without history', () => {
  const svg = drawCalibration([]);
  checkWellFormed(svg);
  expect(svg.match(/too few to say/g)).toHaveLength(4);
  expect(svg).toContain('prefers-color-scheme: dark');
});
