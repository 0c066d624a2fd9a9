# Writes a header again with the methods of one interface in another order.
#   awk -v interface=IVssBackupComponentsEx3 -v order='B A C' -f reorder.awk vsbackup.h
# Fails unless just these methods are the interface's, in C++, and the order is another one.

function give_up(why) {
    print "reorder.awk: " why > "/dev/stderr"
    failed = 1
    exit 1
}

BEGIN { wanted = split(order, names, " ") }

# The last line of the interface's class.
inside && /^};/ {
    if (found != wanted) give_up(interface " has " found " methods, not " wanted)
    for (at = 1; at <= wanted; at++) {
        if (!(names[at] in text)) give_up(interface " has no method " names[at])
        if (names[at] != in_place[at]) moved++
        printf "%s", text[names[at]]
    }
    if (!moved) give_up(interface " has this order")
    inside = 0
    done++
}

inside && /virtual .* STDMETHODCALLTYPE [A-Za-z]+\($/ {
    name = $NF
    sub(/\($/, "", name)
    in_place[++found] = name
}

inside && found { text[in_place[found]] = text[in_place[found]] $0 "\n"; next }

{ print }

$0 ~ "^" interface " : public " { inside = 1 }

END { if (!failed && done != 1) give_up(interface " is declared " done + 0 " times") }
