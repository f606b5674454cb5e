"""Asks windows of a display to close, as the button of a window manager does, and prints how many there are.

Usage: close_window.py DISPLAY TITLE [count]; with `count` they are only counted.
"""

import ctypes as c
import sys

display_name, title = sys.argv[1].encode(), sys.argv[2].encode()
x = c.CDLL("libX11.so.6")
x.XOpenDisplay.restype = c.c_void_p
x.XDefaultRootWindow.restype = x.XInternAtom.restype = c.c_ulong
display = c.c_void_p(x.XOpenDisplay(display_name))
if not display:
    sys.exit("no display")


class ClientMessage(c.Structure):
    _fields_ = [
        ("type", c.c_int), ("serial", c.c_ulong), ("send_event", c.c_int), ("display", c.c_void_p),
        ("window", c.c_ulong), ("message", c.c_ulong), ("format", c.c_int), ("data", c.c_long * 5),
    ]


def atom(name):
    return x.XInternAtom(display, name, 0)


def named(window):
    """The windows below this one that carry the title."""
    root, parent, children, count = c.c_ulong(), c.c_ulong(), c.POINTER(c.c_ulong)(), c.c_uint()
    x.XQueryTree(display, c.c_ulong(window), c.byref(root), c.byref(parent), c.byref(children), c.byref(count))
    for child in children[: count.value]:
        name = c.c_char_p()
        x.XFetchName(display, c.c_ulong(child), c.byref(name))
        if name.value == title:
            yield child
        yield from named(child)


def close(window):
    message = ClientMessage(33, 0, 1, display, window, atom(b"WM_PROTOCOLS"), 32, (c.c_long * 5)(atom(b"WM_DELETE_WINDOW")))
    event = (c.c_char * 192)()
    c.memmove(event, c.byref(message), c.sizeof(message))
    x.XSendEvent(display, c.c_ulong(window), 0, c.c_long(0), event)


windows = list(named(x.XDefaultRootWindow(display)))
if "count" not in sys.argv[3:]:
    for window in windows:
        close(window)
x.XSync(display, 0)
print(len(windows))
