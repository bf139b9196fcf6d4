import { plainText } from '../alert/plain-text.ts';

const safe = Symbol('safe mrkdwn');

/**
 * Text on its way to Slack. What comes from outside (agents, paths, key names) is data: it may not format, link,
 * mention or forge a line. `plainText` is for places where Slack takes text literally; `SlackText` is the only thing
 * that is accepted where Slack parses mrkdwn, and only the `slackText` tag makes it.
 */
export class SlackText {
  readonly mrkdwn: string;

  private constructor(mrkdwn: string) {
    this.mrkdwn = mrkdwn;
  }

  /** @internal what `slackText` calls; everything in it is already safe. */
  static [safe](mrkdwn: string): SlackText {
    return new SlackText(mrkdwn);
  }
}

/** Escaping makes a character five at most, so a value stays under Slack's 4,000. */
const valueCharsMax = 700;

/** Literal mrkdwn in the template; interpolated strings are made harmless, `SlackText` goes in as it is. */
export function slackText(
  template: TemplateStringsArray,
  ...values: readonly (string | number | SlackText)[]
): SlackText {
  const parts = values.map((value) =>
    value instanceof SlackText ? value.mrkdwn : escapeMrkdwn(plainText(String(value), valueCharsMax)),
  );
  return SlackText[safe](String.raw({ raw: template }, ...parts));
}

/** Cutting comes before escaping, so that no entity is cut in two. */
function escapeMrkdwn(value: string): string {
  return (
    value
      .replaceAll('*', '∗')
      .replaceAll('~', '∼')
      .replaceAll('`', 'ˋ')
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
      // An emoji's name between two colons; `10:01:05` is not one.
      .replace(/:(?=[^\s:]*[^\s:\d][^\s:]*:)|(?<!\d):(?=\d+:)/gu, '∶')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}
