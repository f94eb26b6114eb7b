/** Where the bank sends people back to: `redirect_uri` of the broker. */

import { Callback } from '../../components/callback';

export default function Page() {
  return (
    <>
      <h1>Back from your bank</h1>
      <Callback />
      <p>
        {/* not <Link>: the page is to be loaded anew */}
        <a href="/">Your money</a>
      </p>
    </>
  );
}
