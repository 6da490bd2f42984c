package dev.qmp.qapi;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** QEMU may change or drop it in any release, without saying so before. */
@Documented
@Retention(RetentionPolicy.CLASS)
public @interface Unstable {}
