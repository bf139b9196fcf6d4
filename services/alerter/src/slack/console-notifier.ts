import type { MessageRef, Notifier } from '../alert/notifier.ts';
import { renderText } from './render-text.ts';
import { toSlackDigest } from './to-slack-digest.ts';
import { toSlackAlert, toSlackReply } from './to-slack-message.ts';

/**
 * Shows alerts as Slack would, by `print`: for a system that has no Slack. What was printed is not remembered, so
 * after a crash a message whose outcome is not known is printed again.
 */
export function consoleNotifier(print: (text: string) => void): Notifier {
  return {
    name: 'console',
    async post(message, deliveryId) {
      if (message.kind === 'digest') print(`${renderText(toSlackDigest(message.digest))}\n`);
      else if (message.kind === 'alert') print(`${renderText(toSlackAlert(message.alert))}\n`);
      else print(`${indent(renderText(toSlackReply(message.line)))}\n`);
      return { kind: 'sent', ref: { channel: 'console', ts: deliveryId } };
    },
    // The thread tells each step; printing the whole message again would only repeat it.
    async update() {
      return { kind: 'updated' };
    },
    async find(): Promise<MessageRef | null> {
      return null;
    },
  };
}

/** Tells nobody; incidents are still kept. */
export const noNotifier: Notifier = consoleNotifier(() => {});

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ↳ ${line}`)
    .join('\n');
}
