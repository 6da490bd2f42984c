/**
 * QMP as values: a type for each command, event, struct, union, alternate and enumeration of the QEMUs whose schemas were
 * recorded.
 *
 * <p>The types are written by the build, from {@code query-qmp-schema}; the few that are not stand beside them in this
 * package: {@link dev.qmp.qapi.QmpCommand}, which fixes a command's reply, {@link dev.qmp.qapi.EventType},
 * {@link dev.qmp.qapi.RawCommand} for what has no type, {@link dev.qmp.qapi.Uint64} and {@link dev.qmp.qapi.JsonValue}. All
 * are immutable. What a QEMU says beyond them is kept as data and goes back as it came: members in
 * {@link dev.qmp.qapi.QapiObject#unknownMembers()}, values of enumerations, branches and alternatives as {@code Other},
 * events as {@link dev.qmp.qapi.UnknownEvent}.
 *
 * <p>An optional member is a component that may be null; null means that the member is absent. Where QAPI tells that from
 * JSON's {@code null}, the member's type is an alternate, and JSON's null is a value of it.
 *
 * <p>The package knows no session, and nothing of what a running QEMU says of itself.
 */
@NullMarked
package dev.qmp.qapi;

import org.jspecify.annotations.NullMarked;
