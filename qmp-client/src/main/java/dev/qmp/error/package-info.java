/**
 * What can go wrong, told apart by who must act.
 *
 * <p>Owns the one exception tree of the library, {@link dev.qmp.error.QmpException}. It stands below every other package,
 * because each of them throws from it; it knows none of them, and names commands, jobs and addresses as text.
 */
@NullMarked
package dev.qmp.error;

import org.jspecify.annotations.NullMarked;
