package dev.qmp.session;

/**
 * A command that descriptors travel with has the line to itself, until QEMU has answered it.
 *
 * <p>QEMU keeps the last set of descriptors that it received, for whichever command asks for one next (seen on 7.2): with two
 * such commands under way the first may be given the second's image. That holds as well for one whose caller has stopped
 * waiting: QEMU still has it. Confined to the session's loop.
 */
final class DescriptorTurn {

    private static final long NOBODY = -1;

    private long holder = NOBODY;

    /** {@code idle} where nothing else is in flight. */
    boolean mayLeave(PendingCommand command, boolean idle) {
        return holder == NOBODY && (command.descriptors == null || idle);
    }

    void left(PendingCommand command) {
        if (command.descriptors != null) {
            holder = command.id;
        }
    }

    /** Whether the command with this id, which has been answered, was the one that others waited for. */
    boolean ended(long id) {
        if (holder != id) {
            return false;
        }
        holder = NOBODY;
        return true;
    }
}
