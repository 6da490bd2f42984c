package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerCredentialsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = "KQUEUE", mode = EnumSource.Mode.EXCLUDE)
    void the_peer_is_who_called_listen_and_nio_cannot_tell_its_process(TransportKind kind) throws Exception {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
        int pid = kind == TransportKind.NIO ? -1 : (int) ProcessHandle.current().pid();
        try (Peer peer = Peer.unix(folder.resolve("s"))) {
            RecordingListener listener = new RecordingListener();
            Link link = Transports.open(peer.address(), TransportContract.options(kind), listener)
                    .get(10, TimeUnit.SECONDS);
            assertThat(TransportContract.onLoop(link, link::peer)).contains(new PeerCredentials(pid, uid, gid));
            link.loop().execute(link::close);
            listener.awaitEnd();
        }
    }
}
