// The two imports of an app, and nothing that says where the component is.

import { BankConnect } from 'bankconnect';
import 'bankconnect/element';

window.asked = new BankConnect().providers();
