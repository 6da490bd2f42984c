package dev.qmp.generator.manual;

/** Manual pages of a QEMU that never was, in both layouts, with what docutils makes of such sources. */
final class Pages {

    /** As of QEMU 7.2: {@code shelf-add} leaves its arguments to another definition without saying so. */
    static final String OLD = """
            .SH SHELVES
            .SS \\fBShelfKind\\fP (Enum)
            .SS Values
            .INDENT 0.0
            .TP
            .B \\fBoak\\fP
            of old wood
            .TP
            \\fBrock\\-face\\fP (\\fBIf: \\fP\\fBCONFIG_ROCK\\fP)
            of stone
            .UNINDENT
            .SS Since
            .sp
            1.0
            .SS \\fBShelf\\fP (Object)
            .SS Members
            .INDENT 0.0
            .TP
            .B \\fBkind\\fP: \\fBShelfKind\\fP
            .INDENT 7.0
            .IP \\(bu 2
            \\(aqoak\\(aq if it is brown
            .UNINDENT
            .TP
            .B \\fBwidth\\fP: \\fBint\\fP (optional)
            how wide it is, in
            pages
            .TP
            .B \\fBbooks\\fP: \\fBarray of BookRef\\fP (optional)
            what stands on it
            .TP
            .B The members of \\fBOakShelf\\fP when \\fBkind\\fP is \\fB\\(dqoak\\(dq\\fP
            .UNINDENT
            .SS \\fBOakShelf\\fP (Object)
            .SS Members
            .INDENT 0.0
            .TP
            .B \\fBrings\\fP: \\fBint\\fP
            not documented
            .UNINDENT
            .SS \\fBBook\\fP (Object)
            .SS Members
            .INDENT 0.0
            .TP
            .B \\fBtitle\\fP: \\fBstring\\fP
            what it is called
            .TP
            .B \\fBon\\fP: \\fBShelf\\fP (optional)
            where it stands
            .UNINDENT
            .SS \\fBBookRef\\fP (Alternate)
            .SS Members
            .INDENT 0.0
            .TP
            .B \\fBbook\\fP: \\fBBook\\fP
            the book
            .TP
            .B \\fBid\\fP: \\fBstring\\fP
            its number
            .UNINDENT
            .SS \\fBshelf\\-add\\fP (Command)
            .sp
            For its arguments see Shelf.
            .SS \\fBquery\\-shelves\\fP (Command)
            .SS Returns
            .INDENT 0.0
            .IP \\(bu 2
            A list of \\fBShelf\\fP for each Wall
            .UNINDENT
            .SS \\fBBOOK_FELL\\fP (Event)
            .SS Arguments
            .INDENT 0.0
            .TP
            .B The members of \\fBBook\\fP
            .UNINDENT
            .SS Example
            .INDENT 0.0
            .INDENT 3.5
            .sp
            .nf
            .ft C
            <\\- { \\(dqevent\\(dq: \\(dqBOOK_FELL\\(dq }
            .ft P
            .fi
            .UNINDENT
            .UNINDENT
            """;

    /** As of QEMU 10.0 and later: the enumeration has another name, and a list is glued to the line before it. */
    static final String NEW = """
            .SH SHELVES
            .INDENT 0.0
            .TP
            .B Enum  ShelfSort  (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Values
            .INDENT 7.0
            .IP \\(bu 2
            \\fBoak\\fP \\-\\- of old wood
            .IP \\(bu 2
            \\fBrock\\-face\\fP \\-\\- of stone
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Object Shelf (Since: 1.0)
            \\fIAvailability\\fP: \\fBCONFIG_WALL\\fP.INDENT 7.0
            .TP
            .B Members
            .INDENT 7.0
            .IP \\(bu 2
            \\fBkind\\fP (\\fI\\%ShelfSort\\fP) \\-\\- .INDENT 2.0
            .IP \\(bu 2
            \\(aqoak\\(aq if it is brown
            .UNINDENT

            .IP \\(bu 2
            \\fBwidth\\fP (\\fBint\\fP, \\fIoptional\\fP) \\-\\- how wide it is, in
            pages
            .IP \\(bu 2
            \\fBbooks\\fP (\\fB[\\fP\\fI\\%BookRef\\fP\\fB]\\fP, \\fIoptional\\fP) \\-\\- what stands on it
            .IP \\(bu 2
            When \\fBkind\\fP is \\fBoak\\fP: The members of \\fI\\%OakShelf\\fP\\&.
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Object OakShelf (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Members
            .INDENT 7.0
            .IP \\(bu 2
            \\fBrings\\fP (\\fBint\\fP) \\-\\- not documented
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Object Book (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Members
            .INDENT 7.0
            .IP \\(bu 2
            \\fBtitle\\fP (\\fBstring\\fP) \\-\\- what it is called
            .IP \\(bu 2
            \\fBon\\fP (\\fI\\%Shelf\\fP, \\fIoptional\\fP) \\-\\- where it stands
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Alternate BookRef (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Alternatives
            .INDENT 7.0
            .IP \\(bu 2
            \\fBbook\\fP (\\fI\\%Book\\fP) \\-\\- the book
            .IP \\(bu 2
            \\fBid\\fP (\\fBstring\\fP) \\-\\- its number
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Command shelf\\-add (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Arguments
            .INDENT 7.0
            .IP \\(bu 2
            The members of \\fI\\%Shelf\\fP\\&.
            .UNINDENT
            .TP
            .B Errors
            .INDENT 7.0
            .IP \\(bu 2
            If \\fBkind\\fP is not at hand
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Command query\\-shelves (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Return
            \\fB[\\fP\\fI\\%Shelf\\fP\\fB]\\fP \\-\\- one for each wall
            .UNINDENT
            .INDENT 7.0
            .INDENT 3.5
            .IP "Example:"
            .INDENT 0.0
            .INDENT 3.5
            .sp
            .EX
            \\-> { \\(dqexecute\\(dq: \\(dqquery\\-shelves\\(dq }
            .EE
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .UNINDENT
            .INDENT 0.0
            .TP
            .B Event BOOK_FELL (Since: 1.0)
            .INDENT 7.0
            .TP
            .B Arguments
            .INDENT 7.0
            .IP \\(bu 2
            The members of \\fI\\%Book\\fP\\&.
            .UNINDENT
            .UNINDENT
            .UNINDENT
            """;

    /** What {@code query-qmp-schema} of that QEMU says. */
    static final String SCHEMA = """
            [{"meta-type": "command", "name": "shelf-add", "arg-type": "2", "ret-type": "0"},
             {"meta-type": "command", "name": "query-shelves", "arg-type": "0", "ret-type": "[2]"},
             {"meta-type": "event", "name": "BOOK_FELL", "arg-type": "4"},
             {"meta-type": "object", "name": "0", "members": []},
             {"meta-type": "enum", "name": "1", "members": [{"name": "oak"}], "values": ["oak"]},
             {"meta-type": "object", "name": "2", "tag": "kind", "variants": [{"case": "oak", "type": "3"}], "members": [
               {"name": "kind", "type": "1"},
               {"name": "width", "type": "int", "default": null},
               {"name": "books", "type": "[5]", "default": null}]},
             {"meta-type": "object", "name": "3", "members": [{"name": "rings", "type": "int"}]},
             {"meta-type": "object", "name": "4", "members": [
               {"name": "title", "type": "str"}, {"name": "on", "type": "2", "default": null}]},
             {"meta-type": "alternate", "name": "5", "members": [{"type": "str"}, {"type": "4"}]},
             {"meta-type": "array", "name": "[2]", "element-type": "2"},
             {"meta-type": "array", "name": "[5]", "element-type": "5"},
             {"meta-type": "builtin", "name": "int", "json-type": "int"},
             {"meta-type": "builtin", "name": "str", "json-type": "string"}]
            """;

    private Pages() {}
}
