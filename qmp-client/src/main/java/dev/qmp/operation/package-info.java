/**
 * Plans carried out: each step written down before it is sent, taken back where it can be when a later one is refused, and
 * finished or undone after a crash, from what the live graph, the jobs and the journal say, in this order of trust. It does
 * not know what any operation is for.
 */
@NullMarked
package dev.qmp.operation;

import org.jspecify.annotations.NullMarked;
