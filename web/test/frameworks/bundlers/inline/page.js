// The same with the component in the script; whichever import comes first.

import 'bankconnect/element';
import { BankConnect } from 'bankconnect/inline';

window.asked = new BankConnect().providers();
