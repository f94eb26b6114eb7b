// Another Content Security Policy for some addresses of a demo, which sends the strictest.

const NAME = 'content-security-policy';

/**
 * Has `change` write the policy of answers anew in a page of Chromium; `urls` may hold `*`. Over the debugger, for a
 * route of playwright does not see where a redirect ends.
 */
export async function withPolicy(page, urls, change) {
  const session = await page.context().newCDPSession(page);
  session.on('Fetch.requestPaused', async ({ requestId, responseStatusCode, responseHeaders }) => {
    const changed = responseHeaders.map(({ name, value }) =>
      name.toLowerCase() === NAME ? { name, value: change(value) } : { name, value },
    );
    // not `continueResponse`: the browser has read the policy by then
    const { body } = await session.send('Fetch.getResponseBody', { requestId });
    const answer = { requestId, responseCode: responseStatusCode, responseHeaders: changed, body };
    await session.send('Fetch.fulfillRequest', answer);
  });
  const patterns = urls.map((urlPattern) => ({ urlPattern, requestStage: 'Response' }));
  await session.send('Fetch.enable', { patterns });
}
