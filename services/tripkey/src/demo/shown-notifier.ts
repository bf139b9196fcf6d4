import { type Notifier, renderText, toSlackAlert, toSlackReply } from '@tripkey/alerter';

/** Shows on the terminal what a notifier posts, as people read it there. */
export function shownNotifier(inner: Notifier, print: (text: string) => void): Notifier {
  return {
    name: inner.name,
    async post(message, deliveryId, signal) {
      const outcome = await inner.post(message, deliveryId, signal);
      if (outcome.kind === 'sent') {
        if (message.kind === 'alert') print(`\n${renderText(toSlackAlert(message.alert))}\n`);
        else if (message.kind === 'reply')
          print(renderText(toSlackReply(message.line)).replaceAll('┃', '┃   ↳'));
      }
      return outcome;
    },
    update: (ref, alert, signal) => inner.update(ref, alert, signal),
    find: (deliveryId, where, signal) => inner.find(deliveryId, where, signal),
  };
}
