package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.ssh.RequiresSsh;
import dev.qmp.fixtures.ssh.SshServer;
import dev.qmp.fixtures.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** QEMUs that may run on another host: reached by tcp, tls and ssh, with nothing of this host's taken for theirs. */
@RequiresQemu
class ElsewhereIT {

    @TempDir
    private Path temp;

    @Test
    void a_monitor_behind_tls_is_reached_with_a_folder_as_qemu_has_it_and_in_no_other_way() {
        TestAuthority authority = TestAuthority.named("qmp tests");
        Path folder = temp.resolve("pki");
        authority.writeTo(folder);
        authority.rsaServer("127.0.0.1").writeTo(folder, "server");
        Path client = temp.resolve("client");
        authority.writeTo(client);
        authority.client("us").writeTo(client, "client");
        try (QemuVm vm = QemuVm.builder()
                .args(
                        "-object",
                        "tls-creds-x509,id=tls0,dir=" + folder + ",endpoint=server,verify-peer=on",
                        "-chardev",
                        "socket,id=tls,host=127.0.0.1,port=0,server=on,wait=off,tls-creds=tls0",
                        "-mon",
                        "chardev=tls,mode=control")
                .start()) {
            String target = "tls:127.0.0.1:" + port(vm);
            Cli cli = Cli.in(temp);

            JsonNode status = cli.json("status", target, "--tls-dir", client.toString());
            assertThat(status.path("name").asText()).isEqualTo("daisy");

            Result untrusted = cli.run("status", target);
            assertThat(untrusted.status()).isEqualTo(3);
            assertThat(untrusted.err())
                    .contains("comes from no CA that is trusted here")
                    .contains("hint: ");

            Result stranger = cli.run(
                    "status", target, "--tls-ca", client.resolve("ca-cert.pem").toString());
            assertThat(stranger.status()).isEqualTo(3);
            assertThat(stranger.err()).contains("asked for a client certificate, got none");

            Result useless = cli.run("status", target, "--tls-key", "some.pem");
            assertThat(useless.status()).isEqualTo(2);

            Result open = cli.run("status", target.replace("tls:", "tcp:"), "--tls-dir", client.toString());
            assertThat(open.status()).isEqualTo(2);
            assertThat(open.err()).contains("not encrypted").contains("write tls: instead of tcp:");
        }
    }

    @Test
    @RequiresSsh
    void a_monitor_behind_ssh_is_reached_through_the_users_own_ssh() throws IOException {
        try (QemuVm vm = QemuVm.builder().start();
                SshServer server = SshServer.start(temp.resolve("sshd"))) {
            Path ssh =
                    Files.writeString(temp.resolve("ssh"), "#!/bin/sh\nexec ssh -F " + server.config() + " \"$@\"\n");
            Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
            Cli cli = Cli.in(temp).environment("QMP_SSH", ssh.toString());
            String host = "ssh://127.0.0.1:" + server.port();

            assertThat(cli.json("status", host + vm.monitor()).path("name").asText())
                    .isEqualTo("daisy");
            assertThat(cli.ok("schema", vm.monitor().toString(), "--diff", host + vm.monitor())
                            .err())
                    .isEqualTo("no differences\n");

            Result missing = cli.run("status", host + "/no/such/socket");
            assertThat(missing.status()).isEqualTo(3);
            assertThat(missing.err()).contains("nothing can be reached at /no/such/socket");
        }
    }

    @Test
    void snapshots_of_a_qemu_elsewhere_are_told_without_a_look_at_the_files_of_this_host() throws IOException {
        try (QemuVm vm = QemuVm.builder()
                .uuid(UUID.randomUUID())
                .disk(DiskSpec.drive("vda"))
                .monitor(MonitorSpec.qmp())
                .monitor(MonitorSpec.tcp())
                .start()) {
            Cli cli = Cli.in(temp);
            String elsewhere = "tcp:127.0.0.1:" + vm.tcpPort(1);
            Path overlay = vm.folder().resolve("s1.qcow2");

            Result relative = cli.run("snapshot", "create", elsewhere, "s1", "--disk", "vda=s1.qcow2");
            assertThat(relative.status()).isEqualTo(2);
            assertThat(relative.err()).contains("may run on another").contains("hint: write the absolute name");
            Result agent = cli.run("snapshot", "create", elsewhere, "s1", "--quiesce", "--agent", "/run/agent");
            assertThat(agent.status()).isEqualTo(2);
            assertThat(agent.err()).contains("is a socket of this host");

            cli.ok("snapshot", "create", elsewhere, "s1", "--disk", "vda=" + overlay);
            Files.move(overlay, vm.folder().resolve("moved.qcow2"));

            assertThat(state(cli, Machines.target(vm))).isEqualTo("missing");
            assertThat(state(cli, elsewhere)).isEqualTo("in-chain");
            assertThat(cli.ok("snapshot", "list", elsewhere).err()).contains("its files are not looked at");
        }
    }

    private static String state(Cli cli, String target) {
        return cli.json("snapshot", "list", target)
                .path(0)
                .path("disks")
                .path(0)
                .path("state")
                .asText();
    }

    private static int port(QemuVm vm) {
        Pattern pattern = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
        for (JsonNode chardev : vm.control().execute("query-chardev")) {
            Matcher port = pattern.matcher(chardev.path("filename").asText());
            if (chardev.path("label").asText().equals("tls") && port.find()) {
                return Integer.parseInt(port.group(1));
            }
        }
        throw new AssertionError("QEMU has no TLS monitor");
    }
}
