package dev.qmp;

import dev.qmp.qapi.BlockCommit;
import dev.qmp.qapi.BlockDirtyBitmapAddCommand;
import dev.qmp.qapi.BlockDirtyBitmapMergeCommand;
import dev.qmp.qapi.BlockDirtyBitmapRemove;
import dev.qmp.qapi.BlockExportAdd;
import dev.qmp.qapi.BlockExportDel;
import dev.qmp.qapi.BlockJobComplete;
import dev.qmp.qapi.BlockJobFinalize;
import dev.qmp.qapi.BlockResize;
import dev.qmp.qapi.BlockSetIoThrottle;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevBackupCommand;
import dev.qmp.qapi.BlockdevChangeMedium;
import dev.qmp.qapi.BlockdevDel;
import dev.qmp.qapi.BlockdevInsertMedium;
import dev.qmp.qapi.BlockdevMirror;
import dev.qmp.qapi.BlockdevOpenTray;
import dev.qmp.qapi.BlockdevRemoveMedium;
import dev.qmp.qapi.BlockdevReopen;
import dev.qmp.qapi.BlockdevSetActive;
import dev.qmp.qapi.BlockdevSnapshotCommand;
import dev.qmp.qapi.BlockdevSnapshotDeleteInternalSync;
import dev.qmp.qapi.BlockdevSnapshotInternalSync;
import dev.qmp.qapi.BlockdevSnapshotSyncCommand;
import dev.qmp.qapi.ChangeBackingFile;
import dev.qmp.qapi.Cont;
import dev.qmp.qapi.DeviceAdd;
import dev.qmp.qapi.DriveBackupCommand;
import dev.qmp.qapi.DriveMirror;
import dev.qmp.qapi.DumpGuestMemory;
import dev.qmp.qapi.Eject;
import dev.qmp.qapi.HumanMonitorCommand;
import dev.qmp.qapi.JobComplete;
import dev.qmp.qapi.JobFinalize;
import dev.qmp.qapi.Memsave;
import dev.qmp.qapi.NbdServerAdd;
import dev.qmp.qapi.NbdServerRemove;
import dev.qmp.qapi.NbdServerStop;
import dev.qmp.qapi.ObjectAdd;
import dev.qmp.qapi.Pmemsave;
import dev.qmp.qapi.QomSet;
import dev.qmp.qapi.QueryBlock;
import dev.qmp.qapi.QueryBlockstats;
import dev.qmp.qapi.QueryNamedBlockNodes;
import dev.qmp.qapi.Quit;
import dev.qmp.qapi.Stop;
import dev.qmp.qapi.Transaction;
import dev.qmp.qapi.XBlockdevChange;
import dev.qmp.qapi.XExitPreconfig;
import dev.qmp.qapi.XenLoadDevicesState;
import dev.qmp.qapi.XenSaveDevicesState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which commands have another deadline than the default one, and why. A command that starts a job is answered when the job
 * has started, so that the time here is that of starting: opening and draining, not the copying.
 */
@SuppressWarnings("deprecation") // what a newer QEMU deprecates, an older one has
final class CommandDeadlines {

    private static final Map<String, Deadline> CLASSES = new HashMap<>();

    static {
        // Open, create or close an image: the storage answers, or does not.
        block(BlockdevAdd.NAME, BlockdevDel.NAME, BlockdevReopen.NAME, BlockdevSetActive.NAME);
        block(
                BlockdevChangeMedium.NAME,
                BlockdevInsertMedium.NAME,
                BlockdevRemoveMedium.NAME,
                BlockdevOpenTray.NAME,
                Eject.NAME);
        block(BlockExportAdd.NAME, BlockExportDel.NAME, NbdServerAdd.NAME, NbdServerRemove.NAME, NbdServerStop.NAME);
        // Drain what is under way, then change the graph or a header.
        block(
                BlockdevSnapshotCommand.NAME,
                BlockdevSnapshotSyncCommand.NAME,
                Transaction.NAME,
                XBlockdevChange.NAME,
                ChangeBackingFile.NAME);
        block(BlockdevSnapshotInternalSync.NAME, BlockdevSnapshotDeleteInternalSync.NAME);
        block(BlockResize.NAME, BlockSetIoThrottle.NAME, QomSet.NAME);
        block(BlockDirtyBitmapAddCommand.NAME, BlockDirtyBitmapRemove.NAME, BlockDirtyBitmapMergeCommand.NAME);
        // Start a job: targets are opened or created, sources drained.
        block(
                BlockStream.NAME,
                BlockCommit.NAME,
                BlockdevMirror.NAME,
                DriveMirror.NAME,
                BlockdevBackupCommand.NAME,
                DriveBackupCommand.NAME);
        // End one: the graph changes under a drain.
        block(JobComplete.NAME, BlockJobComplete.NAME, JobFinalize.NAME, BlockJobFinalize.NAME);
        // Flush every disk, and take them back.
        block(Stop.NAME, Cont.NAME);
        // Ask the file system of each image for its size: over NFS that can hang as a read does.
        block(QueryBlock.NAME, QueryNamedBlockNodes.NAME, QueryBlockstats.NAME);

        // May touch or pin each page of a guest's memory: a memory backend with prealloc, a passed-through device.
        longer(ObjectAdd.NAME, DeviceAdd.NAME, XExitPreconfig.NAME);
        // Runs whatever the line says, savevm and commit among it, and answers when that is done.
        longer(HumanMonitorCommand.NAME);
        // Writes the state of all devices, or reads it.
        longer(XenSaveDevicesState.NAME, XenLoadDevicesState.NAME);
        // Answers while the disks are flushed and closed; the end of the connection can take the answer's place.
        longer(Quit.NAME);

        // Write the guest's memory to a file and answer when they have.
        unbounded(DumpGuestMemory.NAME, Memsave.NAME, Pmemsave.NAME);
    }

    private CommandDeadlines() {}

    static Deadline of(String command) {
        return CLASSES.getOrDefault(command, Deadline.DEFAULT);
    }

    static List<String> commands() {
        return CLASSES.keySet().stream().sorted().toList();
    }

    private static void block(String... commands) {
        put(Deadline.BLOCK, commands);
    }

    private static void longer(String... commands) {
        put(Deadline.LONG, commands);
    }

    private static void unbounded(String... commands) {
        put(Deadline.UNBOUNDED, commands);
    }

    private static void put(Deadline deadline, String... commands) {
        for (String command : commands) {
            if (CLASSES.put(command, deadline) != null) {
                throw new IllegalStateException(command + " is in the table twice");
            }
        }
    }
}
