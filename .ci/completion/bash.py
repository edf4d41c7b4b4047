"""What bash offers after a line: bash.py SCRIPT LINE. A real bash on a terminal gets the line and a tab; then it says what
stands on the line, since one match is put there instead of being listed."""
import os, pty, select, signal, sys, tempfile

script, line = sys.argv[1:]
with tempfile.NamedTemporaryFile("w", suffix=".sh") as rc:
    rc.write(f"""
PS1='' PS2=''
bind 'set show-all-if-ambiguous on'
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
said() {{ printf '\\n(on the line) %s(end)\\n' "$READLINE_LINE"; }}
bind -x '"\\C-xs": said'
stty cols 400 rows 200
source '{script}'
echo rea'dy'
""")
    rc.flush()
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("bash", ["bash", "--noprofile", "--rcfile", rc.name, "-i"])
    said = ""

    def wait_for(text):
        """Reads until bash says so."""
        global said
        while text not in said:
            if not select.select([terminal], [], [], 20)[0]:
                sys.exit(f"bash does not answer: {said!r}")
            said += os.read(terminal, 65536).decode(errors="replace")

    wait_for("ready")
    said = ""
    os.write(terminal, line.encode() + b"\t\x18s")
    wait_for("(end)")
    print(said)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
