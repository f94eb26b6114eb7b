"""Authlib on top of requests, from the login to the revocation: another language, another TLS.

python authlib_client.py client_secret_basic|client_secret_post

The person is person.mjs, run by Node.
"""

import subprocess
import sys
import uuid
from datetime import datetime, timezone
from email.utils import format_datetime
from os import environ
from pathlib import Path

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

OAUTH = environ["BANK_URL"] + "/powerauth-webflow/oauth"
ACCOUNTS = environ["BANK_URL"] + "/psd2-cobs/cobs/2.0/my/accounts"


def walk(url):
    """Where the bank sends the person."""
    person = Path(__file__).with_name("person.mjs")
    done = subprocess.run(["node", person, url], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def session(authentication):
    client = OAuth2Session(
        environ["CLIENT_ID"],
        environ["CLIENT_SECRET"],
        token_endpoint_auth_method=authentication,
        revocation_endpoint_auth_method="client_secret_basic",
        scope="aisp",
        redirect_uri=environ["REDIRECT_URI"],
        code_challenge_method="S256",
    )
    # requests lets a proxy and authorities named in the machine's environment win over the session's
    client.trust_env = False
    client.cert = (environ["CLIENT_CERT"], environ["CLIENT_KEY"])
    client.verify = environ["BANK_CA"]
    return client


def accounts(client):
    """The answer to a call with the headers COBS wants."""
    headers = {
        "Content-Type": "application/json",
        "Date": format_datetime(datetime.now(timezone.utc), usegmt=True),
        "TPP-Name": "Foreign",
        "User-Involved": "true",
        "User-IP-Address": "192.0.2.7",
        "X-Request-ID": str(uuid.uuid4()),
    }
    return client.get(ACCOUNTS, headers=headers)


def assert_accounts(client):
    answer = accounts(client)
    assert answer.status_code == 200, answer.text
    assert answer.json()["accounts"], answer.text


def main(authentication):
    client = session(authentication)
    verifier = generate_token(48)
    url, state = client.create_authorization_url(OAUTH + "/authorize", code_verifier=verifier)
    first = client.fetch_token(
        OAUTH + "/token",
        authorization_response=walk(url),
        state=state,
        code_verifier=verifier,
    )
    assert first["token_type"] == "bearer", first
    assert first["scope"] == "aisp", first
    assert_accounts(client)

    known = client.introspect_token(OAUTH + "/check_token", token=first["access_token"])
    assert known.status_code == 200 and known.json()["active"] is True, known.text

    second = client.refresh_token(OAUTH + "/token", refresh_token=first["refresh_token"])
    assert second["access_token"] != first["access_token"], "the refresh brought nothing new"
    assert_accounts(client)

    gone = client.revoke_token(OAUTH + "/token/revoke", token=second["refresh_token"])
    assert gone.status_code == 200, gone.text
    assert accounts(client).status_code == 401


main(sys.argv[1])
