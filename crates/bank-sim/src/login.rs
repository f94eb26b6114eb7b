//! The pages on which a person logs in and consents, as HTML forms that work without JavaScript.
//! Limits are those of Web Flow's user interface (bank-api fact 5.4): five tries a step, an SMS
//! code of eight digits, five minutes without action.
//!
//! One address, `/powerauth-webflow/authenticate`: GET shows the current step, POST answers it.
//! Every form carries `csrf` and `step` (hidden) and the button `action` with the value
//! `continue` or `cancel`, on the step `sms` also `resend`. A good answer is 303 (to the next step, at last to
//! `/powerauth-webflow/authenticate/continue`), a bad one the same page with status 422.
//!
//! | step (`step`) | fields |
//! |---|---|
//! | `login` | `username`, `password` |
//! | `sms` | `sms_code`; the page shows the phone, its code has the id `phone-code`; `resend` sends another one after 60 s |
//! | `accounts` | `account`, once for each chosen account, value = API account id |
//! | `consent` | `consent` = `yes` |
//! | `confirm` | `sms_code`, as above: an order is signed, right after the login |
//!
//! `?lang=cs` and `?lang=en` on GET switch the language and keep the step. The error summary has the
//! id `errors`.
//!
//! A signing may also begin with a form, posted to `/oauth/signing` (see `opening`).
//!
//! `GET` or `POST /authenticate/cancel` gives up without a form, as in Web Flow.
//! `POST /authenticate/stay` with `csrf` starts the five minutes anew (204; 410 when they are over);
//! the script of the pages calls it, and nothing else needs the script.

mod flow;
mod opening;
mod operation;
mod order_page;
mod page;
mod phone;
mod serve;
mod step;
mod words;

pub(crate) use flow::{Flow, Flows, Step};
pub(crate) use opening::{POSTED, opening, posted};
pub(crate) use operation::finish;
pub(crate) use page::failure;
pub(crate) use phone::{Phone, phone, send};
pub(crate) use serve::{
    SESSION, answer, cancel, home, proceed, resource, show, sorry, stay, time_out,
};
pub(crate) use words::Language;
