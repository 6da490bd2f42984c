package dev.qmp.agent;

/**
 * Whether a guest's file systems stand still ({@code GuestFsfreezeStatus}), as far as its agent knows: what another process
 * in the guest has frozen or thawed, it does not see.
 */
public enum FreezeStatus {
    THAWED,
    FROZEN,
    /** A status that an agent newer than this library has. */
    UNKNOWN;

    /** The status of QAPI's name, {@link #UNKNOWN} for any other text. */
    public static FreezeStatus of(String name) {
        return switch (name) {
            case "thawed" -> THAWED;
            case "frozen" -> FROZEN;
            default -> UNKNOWN;
        };
    }
}
