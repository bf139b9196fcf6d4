import { Scroll } from '../../ui/scroll.tsx';
import { type Block, parseMarkdown, parseSpans } from './parse-markdown.ts';

/** A rule's page. Its own title is left out: the page around it has it. */
export function RuleText({ markdown }: { readonly markdown: string }) {
  const blocks = parseMarkdown(markdown).filter((block) => block.kind !== 'heading' || block.level > 1);
  return (
    <div className="prose">
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no identity but their place
        <BlockText key={at} block={block} />
      ))}
    </div>
  );
}

function BlockText({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h3>{block.text}</h3>;
    case 'paragraph':
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case 'code':
      return <pre className="block">{block.text}</pre>;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List className="bullets">
          {block.items.map((text) => (
            <li key={text}>
              <Line text={text} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return (
        <Scroll label="Table">
          <table className="table compact">
            <thead>
              <tr>
                {block.head.map((cell) => (
                  <th scope="col" key={cell}>
                    <Line text={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row) => (
                <tr key={row.join('|')}>
                  {row.map((cell, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
                    <td key={at}>
                      <Line text={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      );
  }
}

function Line({ text }: { readonly text: string }) {
  return parseSpans(text).map((span, at) => {
    const Tag = { text: 'span', code: 'code', strong: 'strong', emphasis: 'em' }[span.kind] as 'span';
    // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place
    return <Tag key={at}>{span.text}</Tag>;
  });
}
