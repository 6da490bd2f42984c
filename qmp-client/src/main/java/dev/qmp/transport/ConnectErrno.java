package dev.qmp.transport;

import io.netty.channel.ConnectTimeoutException;
import java.io.FileNotFoundException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which error of connect(2) stands behind an exception. Netty writes the number into its message, the JDK tells some by
 * the exception's class and the others by text alone, which follows the locale: those may come out as {@link #OTHER}.
 */
enum ConnectErrno {
    NO_ENTRY(2, "No such file or directory"),
    TRY_AGAIN(11, "Resource temporarily unavailable"),
    ACCESS(13, "Permission denied"),
    NOT_PERMITTED(1, "Operation not permitted"),
    NOT_A_DIRECTORY(20, "Not a directory"),
    LINK_LOOP(40, "Too many levels of symbolic links"),
    NOT_A_SOCKET(88, "Socket operation on non-socket"),
    WRONG_TYPE(91, "Protocol wrong type for socket"),
    IN_USE(98, "Address already in use"),
    NETWORK_UNREACHABLE(101, "Network is unreachable"),
    HOST_UNREACHABLE(113, "No route to host"),
    TIMED_OUT(110, "Connection timed out"),
    REFUSED(111, "Connection refused"),
    UNKNOWN_HOST(-1, "Name or service not known"),
    OTHER(-1, "");

    private static final Pattern NETTYS_NUMBER = Pattern.compile("error\\(-(\\d+)\\)");

    private static final boolean LINUX = System.getProperty("os.name", "").startsWith("Linux");

    private final int number;
    private final String text;

    ConnectErrno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    String text() {
        return text;
    }

    static ConnectErrno of(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        Matcher numbered = NETTYS_NUMBER.matcher(message);
        if (numbered.find()) {
            int number = Integer.parseInt(numbered.group(1));
            for (ConnectErrno errno : values()) {
                if (errno.number == number) {
                    return errno;
                }
            }
            if (LINUX) {
                return OTHER;
            } // elsewhere the numbers differ, and the words tell
        }
        if (failure instanceof UnknownHostException) {
            return UNKNOWN_HOST;
        }
        for (ConnectErrno errno : values()) {
            if (errno != OTHER && message.contains(errno.text)) {
                return errno;
            }
        }
        return byClass(failure);
    }

    private static ConnectErrno byClass(Throwable failure) {
        if (failure instanceof FileNotFoundException) {
            return NO_ENTRY; // Netty's, without a message
        }
        if (failure instanceof BindException) {
            return ACCESS; // where the text is another language's, the JDK's word for EACCES and EPERM, also of
            // connect(2)
        }
        if (failure instanceof NoRouteToHostException) {
            return HOST_UNREACHABLE;
        }
        if (failure instanceof ConnectTimeoutException) {
            return TIMED_OUT;
        }
        return failure instanceof ConnectException ? REFUSED : OTHER;
    }

    /** What the operating system said, without Netty's frame round it and the address behind it. */
    static String textOf(Throwable failure) {
        ConnectErrno errno = of(failure);
        if (errno != OTHER && errno != UNKNOWN_HOST) {
            return errno.text;
        }
        String message = failure.getMessage();
        // Netty appends ": address" in an exception of its own and keeps the first one as the cause.
        if (failure.getCause() != null && failure.getClass().getSimpleName().startsWith("Annotated")) {
            message = failure.getCause().getMessage();
        }
        if (message == null || message.isBlank()) {
            return "failed with " + failure.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
        return message.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-\\d+\\): ", "");
    }
}
