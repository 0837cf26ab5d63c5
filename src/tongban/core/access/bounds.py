"""How often something may be tried or sent: every such bound in one place, with its reason.

Sample values of November 2026, until a county has watched its own halls and phones. Two things were weighed for those
by address: a hall, a factory and a mobile network each stand behind one address, so a bound must leave room for one
person a minute; and a right tracking code or rating link is never kept waiting, whoever shares the address with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Bound:
    """At most ``most`` within ``window``, counted from the first."""

    name: str
    most: int
    window: timedelta


# -- guessing ----------------------------------------------------------------------------------------------------

# Of six digits, five tries in fifteen minutes find one code in 200,000 windows. An owner who mistypes has enough.
TRIES, WINDOW = 5, timedelta(minutes=15)

#: Wrong passwords of one sign-in name, from wherever they come.
PASSWORD = Bound("password", TRIES, WINDOW)
#: Wrong present passwords, typed by whoever sits before an open session to set another one.
OWN_PASSWORD = Bound("own-password", TRIES, WINDOW)
#: Wrong numbers given as proof for one case: only who has its tracking code comes as far as this.
NUMBER = Bound("number", TRIES, WINDOW)
#: Wrong tracking codes and rating links from one address. They are 50 and 100 bits wide, so this only spares the server.
WRONG_LINK = Bound("wrong-link", 20, WINDOW)

# -- sign-in codes -----------------------------------------------------------------------------------------------

#: A code is read and typed within a minute or two; five leave time for a slow gateway.
CODE_LIFE = timedelta(minutes=5)
#: One number gets one code a minute, for messages overtake each other, and ten a day: nobody's phone is flooded.
CODE_APART, CODE_A_DAY = timedelta(seconds=60), 10
#: One address cannot use up a number's ten, so that nobody in the same place shuts its owner out.
CODE_FOR_NUMBER = Bound("code-number", 5, timedelta(days=1))
#: More than one person a minute signs in at no kiosk and in few halls; a hundred a day is four times a busy hall's.
CODE_FROM_ADDRESS = Bound("code-address", 12, timedelta(minutes=10))
CODE_FROM_ADDRESS_A_DAY = Bound("code-address-day", 100, timedelta(days=1))

# -- e-mail ------------------------------------------------------------------------------------------------------

#: Letters that confirm an address, of one person or from one address: who mistypes twice still has some left.
EMAIL_A_DAY = Bound("email-day", 5, timedelta(days=1))
#: Wrong codes out of such a letter. They are 40 bits wide, so this only spares the server.
EMAIL_CODE = Bound("email-code", 10, WINDOW)

# -- mandates ----------------------------------------------------------------------------------------------------

#: Who acts for more firms than that asks on over some days; each request is work for a desk.
MANDATES_A_DAY = Bound("mandate-day", 10, timedelta(days=1))

# -- asking without an account -----------------------------------------------------------------------------------

#: Each request sends a few messages to a number that nobody has proved; who has more to say signs in and goes on.
ASKED_BY_NUMBER = Bound("asked-number", 5, timedelta(days=1))
#: A form takes minutes to fill in: one a minute is more than several kiosks side by side.
ASKED_FROM_ADDRESS = Bound("asked-address", 10, timedelta(minutes=10))
ASKED_FROM_ADDRESS_A_DAY = Bound("asked-address-day", 100, timedelta(days=1))
#: Nine files go with a request; each is looked at in a process of its own, and lies on the disk for a day.
FILES_FROM_ADDRESS = Bound("files-address", 90, timedelta(minutes=10))
FILES_FROM_ADDRESS_A_DAY = Bound("files-address-day", 600, timedelta(days=1))
