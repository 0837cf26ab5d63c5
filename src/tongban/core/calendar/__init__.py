"""The county's working calendar: when is something due, how much time has passed, what does a promise look like?

``logic`` is pure and needs no Django. The rest keeps the calendar as an editable, dated table.
"""
