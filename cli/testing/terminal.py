"""Runs a command on a terminal, and tells what it drew: a JSON line {"columns", "text"} for each piece of output, with how
wide the terminal was, and {"code"} at the end.

terminal.py COLUMNS [--at TEXT resize COLUMNS | --at TEXT interrupt]... -- COMMAND...
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios

own, command = sys.argv[1:sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1:]
columns = int(own.pop(0))
acts = []
while own:
    _, text, act = own[:3]
    acts.append((text, act, int(own[3]) if act == "resize" else None))
    own = own[4 if act == "resize" else 3:]

def widen(to):
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, to, 0, 0))

child, screen = pty.fork()
if child == 0:
    # The size is there before the command looks at it.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(command[0], command)
seen = ""
while select.select([screen], [], [], 90)[0]:
    try:
        piece = os.read(screen, 65536).decode(errors="replace")
    except OSError:
        break
    if piece == "":
        break
    print(json.dumps({"columns": columns, "text": piece}), flush=True)
    seen += piece
    if acts and acts[0][0] in seen:
        _, act, to = acts.pop(0)
        seen = ""
        if act == "resize":
            columns = to
            widen(to)
        else:
            # As the keyboard does it: the terminal sends the signal to the whole process group.
            os.write(screen, b"\x03")
try:
    os.kill(child, signal.SIGHUP)
except ProcessLookupError:
    pass
print(json.dumps({"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}))
