/**
 * What an operation is going to do, as values: steps, what shows that each took effect, and what takes it back. A plan can be
 * printed, written down and read again; it knows neither disks nor how it is run.
 */
@NullMarked
package dev.qmp.plan;

import org.jspecify.annotations.NullMarked;
