package dev.qmp.cli.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a guest's records are filed under: what stays the same when QEMU is started again. */
public record GuestKey(String fileName) {

    /** The uuid where the guest has one, else its name, else the address of its monitor. */
    public static GuestKey of(@Nullable String uuid, @Nullable String name, String monitor) {
        if (uuid != null && uuid.matches("[0-9a-fA-F-]{36}") && !uuid.matches("[0-]+")) {
            return new GuestKey("uuid-" + uuid);
        }
        if (name != null && !name.isEmpty()) {
            boolean plain = name.matches("[A-Za-z0-9][-._A-Za-z0-9]{0,99}");
            return new GuestKey("name-" + (plain ? name : "x" + hash(name)));
        }
        return new GuestKey("monitor-" + hash(monitor));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
