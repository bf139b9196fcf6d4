import type { SlackMessage } from './slack-message.ts';

type Block = SlackMessage['blocks'][number];

const width = 100;

/** A message as people read it in Slack, for a terminal: a bar at the left, one field a line. */
export function renderText(message: SlackMessage): string {
  const lines =
    message.blocks.length > 0 ? message.blocks.flatMap(renderBlock) : wrap(fromMrkdwn(message.text));
  return lines.map((line) => `┃ ${line}`.trimEnd()).join('\n');
}

function renderBlock(block: Block): string[] {
  switch (block.type) {
    case 'header':
      return [...wrap(block.text.text), ''];
    case 'section':
      return [
        ...(block.text ? wrap(fromMrkdwn(block.text.text)) : []),
        ...(block.fields ? [...renderFields(block.fields.map((field) => fromMrkdwn(field.text))), ''] : []),
      ];
    case 'data_visualization':
      return [`[chart] ${block.title}`, ...block.chart.series.flatMap(renderSeries), ''];
    case 'rich_text': {
      const blank = block.elements.some((element) => element.type !== 'rich_text_section') ? [''] : [];
      return [...block.elements.flatMap(renderRichText), ...blank];
    }
    case 'context':
      return wrap(block.elements.map((element) => fromMrkdwn(element.text)).join('  ·  '));
    case 'actions':
      return [
        block.elements
          .map((element) => {
            if (element.type === 'static_select') return `[ ${element.placeholder.text} ▾ ]`;
            return 'url' in element ? `[ ${element.text.text} ] ${element.url}` : `[ ${element.text.text} ]`;
          })
          .join('  '),
      ];
  }
}

type RichText = Extract<Block, { type: 'rich_text' }>['elements'][number];

function renderRichText(element: RichText): string[] {
  switch (element.type) {
    case 'rich_text_section':
      return inline(element.elements);
    case 'rich_text_list':
      return element.elements.flatMap((item) => {
        const [first = '', ...rest] = inline(item.elements, width - 2);
        return [`• ${first}`, ...rest.map((line) => `  ${line}`)];
      });
    case 'rich_text_preformatted':
      return element.elements.flatMap(({ text }) => text.split('\n').map((line) => `    ${line}`));
  }
}

type Inline = Extract<RichText, { type: 'rich_text_section' }>['elements'];

function inline(elements: Inline, columns = width): string[] {
  const text = elements.map((one) => inWords(one)).join('');
  return text.split('\n').flatMap((line) => wrap(line, columns));
}

function inWords(one: Inline[number]): string {
  if (one.type === 'usergroup') return `@${one.usergroup_id}`;
  return one.type === 'link' ? `[${one.text}] ${one.url}` : one.text;
}

/** A terminal reads numbers. */
function renderSeries({ name, data }: { name: string; data: readonly { value: number }[] }): string[] {
  return wrap(`  ${name}: ${data.map(({ value }) => value).join(' ')}`);
}

/** Slack shows a field as a label over a value; a terminal reads better with the label at the side. */
function renderFields(fields: readonly string[]): string[] {
  const pairs = fields.map((field) => {
    const [label = '', ...value] = field.split('\n');
    return { label, value: value.join(' ') };
  });
  const labelWidth = Math.max(...pairs.map(({ label }) => label.length)) + 2;
  return pairs.flatMap(({ label, value }) => {
    const [first = '', ...rest] = wrap(value, width - labelWidth);
    return [label.padEnd(labelWidth) + first, ...rest.map((line) => ' '.repeat(labelWidth) + line)];
  });
}

/** Undoes our own markup: bold labels and the three entities. */
function fromMrkdwn(text: string): string {
  return text
    .replace(/^\*(.+)\*$/gm, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function wrap(text: string, columns = width): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
