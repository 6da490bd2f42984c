package dev.qmp.qapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The releases of QEMU, out of those that this build was made from, that have the command, the event or the type. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface InQemu {

    /** The releases, oldest first, such as {@code 7.2}. */
    String[] value();
}
